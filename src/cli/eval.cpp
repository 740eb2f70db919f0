// SPDX-License-Identifier: Apache-2.0
// kube-posture eval EXPR: what an expression of a check gives.
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "posture/evaluate.h"
#include "posture/manifests.h"

namespace posture {

namespace {

struct EvalFlags {
  std::string expression;
  std::vector<std::string> files;
  bool with_cost = false;
};

constexpr int kNoValue = 1;

Answer answer(const EvalFlags& flags) {
  if (flags.files.empty()) return evaluate_expression(flags.expression);
  return evaluate_expression(flags.expression, *read_manifests(flags.files));
}

// Beyond what one evaluation may cost, the upper end tells nothing but that the data decide.
std::string cost_text(const Answer& found) {
  const bool bounded = found.estimate.most <= cel::kExpressionCostLimit;
  return "cost: " + std::to_string(found.cost) + " of " + std::to_string(cel::kExpressionCostLimit) +
         " units, estimated " + std::to_string(found.estimate.least) +
         (bounded ? " to " + std::to_string(found.estimate.most) : " or more");
}

}  // namespace

Action declare_eval(CLI::App& app, const World& world) {
  auto flags = std::make_shared<EvalFlags>();
  app.add_option("EXPR", flags->expression, "An expression as in check files")->required();
  app.add_option("-f,--filename", flags->files, "`object` is the first object of this file, or of - (repeatable)")
      ->type_name("PATH")
      ->take_all()
      ->expected(1);
  app.add_flag("--cost", flags->with_cost,
               "Also print what an API server would charge, and what its compiler expects of any object");
  app.footer(
      "Prints the value and its type; `(dyn)` where only the value tells the type. Exit code 1: there is no value.");
  return [flags, &world] {
    const Answer found = answer(*flags);
    if (!found.problem.empty()) {
      world.err << escape_lines(found.problem) << "\n";
      return kNoValue;
    }
    world.out << found.value << " " << found.type << (found.is_checked ? "\n" : " (dyn)\n");
    if (flags->with_cost) world.out << cost_text(found) << "\n";
    return 0;
  };
}

}  // namespace posture
