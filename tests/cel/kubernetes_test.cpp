// SPDX-License-Identifier: Apache-2.0
// Answers of the real Kubernetes environment, recorded by record.py: same value and type, or an error on both sides, or both
// refuse to compile.
#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "tagged.h"

namespace posture::cel::test {
namespace {

const std::string kFolder = std::string(POSTURE_TEST_DATA) + "/cel/";

// What an expression gives on an object: "compile", "error" or a canonical value, then the type.
std::string answer(const std::string& expression, const Json& variables) {
  Environment environment;
  Arena arena;
  struct : Host {
    std::vector<Datum> values;
    Datum variable(std::size_t index, Scratch&) override { return values[index]; }
    Datum call(std::size_t, std::span<const Datum>, Scratch&) override { return Datum::null(); }
  } host;
  std::set<std::string> names = {"object", "oldObject", "params", "request", "namespaceObject", "variables"};
  for (const auto& [name, value] : variables.items()) {
    names.erase(name);
    Node* node = arena.make_array<Node>(1);
    *node = to_node(value, arena);
    environment.variables.push_back({name, {}});
    host.values.push_back(Datum::json(posture::Value(node)));
  }
  for (const std::string& name : names) {
    environment.variables.push_back({name, {}});
    host.values.push_back(Datum::error("no such attribute"));
  }
  const Compilation compilation = compile(environment, expression, {});
  if (!compilation.program) return "compile";
  Scratch scratch;
  const Datum result = compilation.program->evaluate(host, scratch);
  return (result.is_error() ? "error" : canonical(result)).append(" : ").append(to_string(compilation.program->type()));
}

std::string expected_type(std::string text) {
  const std::pair<std::string, std::string> names[] = {
      {"google.protobuf.Timestamp", "timestamp"}, {"google.protobuf.Duration", "duration"}, {"null_type", "null"}};
  for (const auto& [long_name, name] : names) {
    for (std::size_t at = 0; (at = text.find(long_name, at)) != std::string::npos;)
      text.replace(at, long_name.size(), name);
  }
  return text;
}

std::string expectation(const Json& row) {
  if (row.contains("compile")) return "compile";
  const std::string type = " : " + expected_type(row["type"].get<std::string>());
  Scratch scratch;
  return (row.contains("error") ? std::string("error") : canonical_tagged(row["value"], scratch)) + type;
}

}  // namespace

TEST_CASE("expressions give what Kubernetes gives") {
  std::ifstream object_file(kFolder + "kubernetes_objects.json");
  const Json objects = Json::parse(object_file);
  std::ifstream file(kFolder + "kubernetes.jsonl");
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    const Json row = Json::parse(line);
    const std::string expression = row["expr"].get<std::string>();
    INFO(expression << " on " << row["on"]);
    CHECK(answer(expression, objects[row["on"].get<std::string>()]) == expectation(row));
  }
  CHECK(rows > 1000);
}

}  // namespace posture::cel::test
