// SPDX-License-Identifier: Apache-2.0
// Expressions over plain JSON, for tests: an environment with a bit of everything, and what a text gives there.
#pragma once

#include "posture/cel.h"
#include "tagged.h"

namespace posture::cel::test {

// Answers from plain JSON by the name of the variable; counts what it was asked.
struct JsonHost : Host {
  JsonHost(const Environment& e, const Json& v) : environment(e) {
    for (const VariableDeclaration& variable : environment.variables) {
      nodes.push_back(v.contains(variable.name) ? to_node(v[variable.name], arena) : Node{});
      missing.push_back(!v.contains(variable.name));
      asked.push_back(0);
    }
  }
  Datum variable(std::size_t index, Scratch&) override {
    ++asked[index];
    return missing[index] ? Datum::unknown("not read") : Datum::json(posture::Value(&nodes[index]));
  }
  Datum call(std::size_t, std::span<const Datum> arguments, Scratch& scratch) override {
    return arguments[0].text() == "anonymous-auth" ? Datum::some(Datum::string("false"), scratch) : Datum::none();
  }
  const Environment& environment;
  Arena arena;
  std::vector<Node> nodes;
  std::vector<bool> missing;
  std::vector<int> asked;
};

inline const Environment kEnvironment = {
    {{"object", {}},
     {"variables.podSpec", {}},
     {"facts.serviceAccount.automountToken", {TypeKind::boolean, {}}},
     {"gone", {}}},
    {{"apiserver.flag", {{TypeKind::string, {}}}, {TypeKind::optional, {{TypeKind::string, {}}}}}}};

inline std::string first_problem(const std::string& source, const Type& expected = {}) {
  const Compilation compilation = compile(kEnvironment, source, expected);
  return compilation.program ? "compiles" : compilation.problems.at(0).message;
}

inline std::string value_of(const std::string& source, const Json& variables = Json::object()) {
  const Compilation compilation = compile(kEnvironment, source, {});
  if (!compilation.program) return std::string("compile: ").append(compilation.problems[0].message);
  JsonHost host(kEnvironment, variables);
  Scratch scratch;
  const Datum result = compilation.program->evaluate(host, scratch);
  if (result.is_unknown()) return std::string("unknown: ").append(result.text());
  return result.is_error() ? std::string("error: ").append(result.text()) : result.to_json(scratch);
}

inline std::string repeated(std::string_view start, std::string_view part, int times) {
  std::string text(start);
  for (int i = 0; i < times; ++i) text.append(part);
  return text;
}

}  // namespace posture::cel::test
