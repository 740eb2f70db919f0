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
};

constexpr int kNoValue = 1;

Answer answer(const EvalFlags& flags) {
  if (flags.files.empty()) return evaluate_expression(flags.expression);
  return evaluate_expression(flags.expression, *read_manifests(flags.files));
}

}  // namespace

Action declare_eval(CLI::App& app, const World& world) {
  auto flags = std::make_shared<EvalFlags>();
  app.add_option("EXPR", flags->expression, "An expression as in check files")->required();
  app.add_option("-f,--filename", flags->files, "`object` is the first object of this file, or of - (repeatable)")
      ->type_name("PATH")
      ->take_all()
      ->expected(1);
  app.footer(
      "Prints the value and its type; `(dyn)` where only the value tells the type. Exit code 1: there is no value.");
  return [flags, &world] {
    const Answer found = answer(*flags);
    if (!found.problem.empty()) {
      world.err << escape_lines(found.problem) << "\n";
      return kNoValue;
    }
    world.out << found.value << " " << found.type << (found.is_checked ? "\n" : " (dyn)\n");
    return 0;
  };
}

}  // namespace posture
