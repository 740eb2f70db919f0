// SPDX-License-Identifier: Apache-2.0
// One check file: format, names, language, fields, examples.
#include "posture/lint.h"

#include <filesystem>

#include "base/file.h"
#include "base/yaml_place.h"
#include "evaluate/compile.h"
#include "evaluate/environment.h"
#include "evaluate/lint_cost.h"
#include "evaluate/lint_examples.h"
#include "evaluate/lint_fields.h"
#include "posture/error.h"

namespace posture {

namespace {

struct Expression {
  const char* field;
  const std::string& text;
  cel::TypeKind type;
};

class CheckFile {
 public:
  CheckFile(const std::string& file, Schemas* schemas) : file_(file), schemas_(schemas), text_(read_file(file)) {}

  std::vector<LintProblem> lint(const Catalog& known) {
    std::vector<YamlDocument> documents = parse_yaml(text_, file_);
    if (documents.size() != 1) throw Error(ErrorKind::input, file_ + ": expected exactly one YAML document");
    document_ = std::move(documents.front());
    check_ = read_check(root(), std::filesystem::path(file_).stem().string(),
                        [this](Value value) { return file_ + ":" + std::to_string(document_.mark(value).line); });
    lint_control(known);
    if (schemas_ != nullptr) lint_match();
    const Expression expressions[] = {{"where", check_.where, cel::TypeKind::boolean},
                                      {"expect", check_.expect, cel::TypeKind::boolean},
                                      {"message", check_.message, cel::TypeKind::string}};
    for (const Expression& expression : expressions) lint_expression(expression);
    if (compiles_) lint_examples();
    return std::move(problems_);
  }

 private:
  Value root() const { return document_.root(); }

  void add(const YamlMark& mark, std::string message) {
    problems_.push_back({file_ + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column),
                         std::move(message), std::string(line_of(text_, mark.line)), mark.column});
  }

  void lint_control(const Catalog& known) {
    if (known.control(check_.control) == nullptr)
      add(document_.mark(root()["control"]), "control: there is no control " + check_.control);
  }

  void lint_match() {
    for (const KindName& kind : check_.match) {
      if (kind.kind == kApiServerKind || schemas_->find(kind)) continue;
      add(document_.mark(root()["match"]), "match: no schema describes the kind " + to_string(kind));
    }
  }

  void lint_expression(const Expression& expression) {
    if (expression.text.empty()) return;
    const Value value = root()[expression.field];
    const auto report = [&](std::size_t offset, const std::string& message) {
      add(place_in_scalar(text_, document_.mark(value), expression.text, offset), expression.field + (": " + message));
    };
    const cel::Compilation compilation = cel::compile(environment(check_), expression.text, {expression.type, {}});
    for (const cel::Problem& problem : compilation.problems) report(problem.offset, problem.message);
    compiles_ &= compilation.program != nullptr;
    if (const std::string excess = excessive_cost(check_, expression.text); !excess.empty()) report(0, excess);
    if (compilation.program == nullptr || schemas_ == nullptr) return;
    for (const FieldProblem& problem : lint_fields(check_, expression.text, *schemas_))
      report(problem.offset, problem.message);
  }

  void lint_examples() {
    compile_check(check_, 0);  // what only the whole check shows
    for (const Member& outcome : check_.examples.members()) {
      for (const Node& example : Value(&outcome.node).elements()) {
        std::string problem = judge_example(check_, outcome.key, Value(&example));
        if (problem.empty()) problem = excessive_cost(check_, Value(&example));
        if (problem.empty()) continue;
        add(document_.mark(Value(&example)), "examples: " + std::string(outcome.key) + ": " + problem);
      }
    }
  }

  const std::string& file_;
  Schemas* schemas_;
  std::string text_;
  YamlDocument document_;
  Check check_;
  bool compiles_ = true;
  std::vector<LintProblem> problems_;
};

}  // namespace

std::vector<LintProblem> lint_check_file(const std::string& file, const Catalog& known, Schemas* schemas) {
  try {
    return CheckFile(file, schemas).lint(known);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    return {{error.where(), error.what(), {}, 0}};
  }
}

}  // namespace posture
