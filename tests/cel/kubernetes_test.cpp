// SPDX-License-Identifier: Apache-2.0
// Answers of the real Kubernetes environment, recorded by record.py: same value, type and cost, or an error on both sides, or
// both refuse to compile.
#include <catch2/catch.hpp>
#include <fstream>
#include <optional>
#include <set>

#include "posture/cel_cost.h"
#include "tagged.h"

namespace posture::cel::test {
namespace {

const std::string kFolder = std::string(POSTURE_TEST_DATA) + "/cel/";

/// Answers as the authorizer of `testcluster cel` does: get and list are allowed, the reason is the question.
struct OracleHost : Host {
  std::vector<Datum> values;
  Datum variable(std::size_t index, Scratch& scratch) override {
    if (index == 0) return Datum::authorizer(scratch);
    if (index == 1) return Datum::resource_check(request, scratch);
    return values[index];
  }
  Datum call(std::size_t, std::span<const Datum>, Scratch&) override { return Datum::null(); }
  AccessDecision authorize(const AccessQuestion& q, Scratch& scratch) override {
    std::string asked(q.account.empty() ? "tester" : "system:serviceaccount:");
    if (!q.account.empty()) asked.append(q.account_namespace).append(":").append(q.account);
    for (const std::string_view part : {q.verb, q.group, q.resource, q.subresource, q.name_space, q.name, q.path})
      asked.append("|").append(part);
    asked.append("|").append(q.field_selector);
    if (!q.field_selector.empty() && !q.label_selector.empty()) asked += "&";
    asked.append(q.label_selector);
    const bool allowed = q.verb == "get" || q.verb == "list";
    return {allowed ? Access::allowed : Access::denied, scratch.keep(asked), q.verb == "boom" ? "no answer" : ""};
  }
  AccessQuestion request;
};

using Variables = std::vector<std::pair<std::string, Datum>>;

/// Plain JSON; borrows from `arena`.
Variables from_json(const Json& members, Arena& arena) {
  Variables variables;
  for (const auto& [name, value] : members.items()) {
    Node* node = arena.make_array<Node>(1);
    *node = to_node(value, arena);
    variables.emplace_back(name, Datum::json(posture::Value(node)));
  }
  return variables;
}

/// `result` is "compile", "error" or a canonical value, then the type.
struct Answer {
  std::string result;
  std::uint64_t cost = 0;
  std::optional<CostEstimate> estimate;
};

Answer answer(const std::string& expression, const Variables& variables) {
  Environment environment;
  OracleHost host;
  host.request.group = "apps";
  host.request.resource = "deployments";
  host.request.subresource = "scale";
  host.request.name_space = "shop";
  host.request.name = "web";
  environment.variables = {{"authorizer", {TypeKind::authorizer, {}}},
                           {"authorizer.requestResource", {TypeKind::resource_check, {}}}};
  host.values.assign(2, Datum::null());
  std::set<std::string> names = {"object", "oldObject", "params", "request", "namespaceObject", "variables"};
  for (const auto& [name, value] : variables) {
    names.erase(name);
    environment.variables.push_back({name, {}});
    host.values.push_back(value);
  }
  for (const std::string& name : names) {
    environment.variables.push_back({name, {}});
    host.values.push_back(Datum::error("no such attribute"));
  }
  const Compilation compilation = compile(environment, expression, {});
  if (!compilation.program) return {"compile", 0, std::nullopt};
  Scratch scratch;
  Course course;
  const Datum result = compilation.program->evaluate(host, scratch, course);
  const std::string type = " : " + to_string(compilation.program->type());
  return {(result.is_error() ? "error" : canonical(result)) + type, course.cost,
          estimate_cost(environment, expression)};
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
  if (row.contains("error")) return "error" + type;
  return canonical_tagged(row["value"], scratch) + type;
}

// Compares every row of a file of record.py; returns how many there are.
std::size_t compare(const std::string& path) {
  std::ifstream object_file(kFolder + "kubernetes_objects.json");
  const Json objects = Json::parse(object_file);
  std::ifstream file(path);
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    const Json row = Json::parse(line);
    const std::string expression = row["expr"].get<std::string>();
    INFO(expression << " on " << row["on"]);
    Arena arena;
    const Answer given = answer(expression, from_json(objects[row["on"].get<std::string>()], arena));
    CHECK(given.result == expectation(row));
    if (row.contains("cost")) CHECK(given.cost == row["cost"].get<std::uint64_t>());
    if (!row.contains("estimate") || given.result == "compile") continue;
    REQUIRE(given.estimate);
    CHECK(given.estimate->least == row["estimate"][0].get<std::uint64_t>());
    CHECK(given.estimate->most == row["estimate"][1].get<std::uint64_t>());
  }
  return rows;
}

/// Whether Kubernetes answers (as `given` says) what a vector of the specification demands.
bool agrees(const Json& vector, const Json& given) {
  const bool refused = given.contains("compile");
  if (vector.contains("error")) return refused || given.contains("error");
  if (refused) return false;
  const Json type = vector.value("type", Json());
  if (type.is_string() && type.get<std::string>() != expected_type(given["type"].get<std::string>())) return false;
  Scratch scratch;
  if (!vector.contains("value")) return true;
  return given.contains("value") &&
         canonical_tagged(given["value"], scratch) == canonical_tagged(vector["value"], scratch);
}

}  // namespace

// Run by exclusions.py, which asks Kubernetes.
TEST_CASE("what the vectors of exclusions.tsv give in Kubernetes", "[.exclusions]") {
  const char* path = std::getenv("CEL_EXCLUSIONS");
  REQUIRE(path != nullptr);
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const Json row = Json::parse(line);
    const Json& vector = row["vector"];
    Scratch scratch;
    Variables variables;
    for (const auto& [name, value] : vector["bindings"].items())
      variables.emplace_back(name, from_tagged(value, scratch));
    INFO(vector["section"] << " " << vector["expr"] << ": Kubernetes says " << row["answer"]);
    CHECK_FALSE(agrees(vector, row["answer"]));
    CHECK(answer(vector["expr"].get<std::string>(), variables).result == expectation(row["answer"]));
  }
}

TEST_CASE("expressions give what Kubernetes gives") { CHECK(compare(kFolder + "kubernetes.jsonl") > 1000); }

// Run by differ.py, which asks Kubernetes.
TEST_CASE("a file of answers", "[.differ]") {
  const char* path = std::getenv("CEL_ANSWERS");
  REQUIRE(path != nullptr);
  CHECK(compare(path) > 0);
}

}  // namespace posture::cel::test
