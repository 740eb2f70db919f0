// SPDX-License-Identifier: Apache-2.0
// The CEL specification's own vectors. Each passes or stands in exclusions.tsv with its feature; one that stands there and
// passes is a failure too.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>

#include "cel/library/library.h"
#include "posture/cel.h"
#include "tagged.h"

namespace posture::cel::test {
namespace {

const std::string kFolder = std::string(POSTURE_TEST_DATA) + "/cel/";

/// Type parameters and types of a vector's own have no form here.
bool has_form(const std::string& type) {
  static const std::regex kForms(
      "(dyn|null|null_type|bool|int|uint|double|string|bytes|list|map|timestamp|duration|type|optional|[(), ])+");
  return std::regex_match(type, kForms);
}

/// Precondition: has_form(text).
Type parse_type(std::string_view text) {
  Arena arena;
  TypePool pool(arena);
  std::string signature = "() -> ";
  signature += text == "null_type" ? "null" : text;
  return to_public(parse_signature(signature, pool, arena).result);
}

struct BindingHost : Host {
  std::vector<Datum> values;
  Datum variable(std::size_t index, Scratch&) override { return values[index]; }
  Datum call(std::size_t, std::span<const Datum>, Scratch&) override { return Datum::error("not bound"); }
};

// Declares what the vector does; false if it needs declarations this engine has no form for.
bool declare(const Json& vector, Environment& environment) {
  std::set<std::string> names;
  if (vector.contains("env")) {
    for (const auto& [name, declaration] : vector["env"].items()) {
      if (declaration.is_string()) {
        if (!has_form(declaration.get<std::string>())) return false;
        environment.variables.push_back({name, parse_type(declaration.get<std::string>())});
        names.insert(name);
        continue;
      }
      for (const Json& overload : declaration["overloads"]) {
        const Json& parameters = overload["params"];
        if (overload["member"].get<bool>() || !has_form(overload["result"]) ||
            !std::all_of(parameters.begin(), parameters.end(), has_form))
          return false;
        FunctionDeclaration function{name, {}, parse_type(overload["result"].get<std::string>())};
        for (const Json& parameter : parameters)
          function.parameters.push_back(parse_type(parameter.get<std::string>()));
        environment.functions.push_back(function);
      }
    }
  }
  for (const auto& [name, value] : vector["bindings"].items()) {
    if (names.insert(name).second) environment.variables.push_back({name, {}});
  }
  return true;
}

// What our engine says: a canonical value, "error", or for vectors that only check the type.
std::string answer(const Json& vector, const Json& expected_type) {
  Environment environment;
  if (!declare(vector, environment)) return "unsupported declarations";
  const Compilation compilation = compile(environment, vector["expr"].get<std::string>(), {});
  if (!compilation.program)
    return vector.contains("error") ? "error" : "compile error: " + compilation.problems[0].message;
  if (expected_type.is_string()) {
    const std::string type = to_string(compilation.program->type());
    if (type != expected_type.get<std::string>()) return "type " + type;
  }
  if (vector.value("check_only", false)) return "checked";
  Scratch scratch;
  BindingHost host;
  for (const VariableDeclaration& variable : environment.variables) {
    const Json& bindings = vector["bindings"];
    host.values.push_back(bindings.contains(variable.name) ? from_tagged(bindings[variable.name], scratch)
                                                           : Datum::error("no such attribute"));
  }
  const Datum result = compilation.program->evaluate(host, scratch);
  if (result.is_error()) return vector.contains("error") ? "error" : "error: " + std::string(result.text());
  return canonical(result);
}

std::string expectation(const Json& vector) {
  Scratch scratch;
  if (vector.contains("error")) return "error";
  return vector.contains("value") ? canonical(from_tagged(vector["value"], scratch)) : "checked";
}

std::string key_of(const Json& vector) {
  return vector["section"].get<std::string>() + "\t" + Json(vector["expr"]).dump() + "\t" + vector["bindings"].dump();
}

struct Exclusions {
  std::map<std::string, std::string> feature_of;
  std::map<std::string, std::size_t> used;
};

Exclusions read_exclusions() {
  Exclusions exclusions;
  std::ifstream file(kFolder + "exclusions.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t tab = line.find('\t');
    exclusions.feature_of[line.substr(tab + 1)] = line.substr(0, tab);
  }
  return exclusions;
}

struct Tally {
  std::size_t passed = 0;
  std::size_t excluded = 0;
  std::size_t failed = 0;
};

struct Run {
  Exclusions exclusions = read_exclusions();
  std::map<std::string, Tally> tallies;
  std::ofstream failures;
};

void judge(const Json& vector, Tally& tally, Run& run) {
  const std::string expected = expectation(vector);
  const std::string actual = answer(vector, vector.contains("type") ? vector["type"] : Json());
  const auto exclusion = run.exclusions.feature_of.find(key_of(vector));
  if (exclusion != run.exclusions.feature_of.end()) {
    INFO(key_of(vector) << " stands in exclusions.tsv but passes");
    CHECK(actual != expected);
    ++tally.excluded;
    ++run.exclusions.used[exclusion->second];
    return;
  }
  // An error here is no answer to the vector: messages do not compile.
  if (vector.contains("protobuf") && (actual != expected || actual == "error")) {
    ++tally.excluded;
    ++run.exclusions.used["protobuf"];
    return;
  }
  ++(actual == expected ? tally.passed : tally.failed);
  if (actual != expected) run.failures << key_of(vector) << "\t" << expected << "\t" << actual << "\n";
  INFO(key_of(vector));
  CHECK(actual == expected);
}

void print(const Run& run) {
  Tally all;
  for (const auto& [section, tally] : run.tallies) {
    std::cout << section << ": " << tally.passed << " passed, " << tally.excluded << " excluded, " << tally.failed
              << " failed\n";
    all.passed += tally.passed;
    all.excluded += tally.excluded;
    all.failed += tally.failed;
  }
  std::cout << "conformance: " << all.passed << " passed, " << all.excluded << " excluded, " << all.failed
            << " failed\n";
  for (const auto& [feature, count] : run.exclusions.used)
    std::cout << "  excluded, " << feature << ": " << count << "\n";
}

// Judges every vector of a folder's files; returns how many there were.
std::size_t judge_folder(const std::string& folder) {
  Run run;
  std::size_t vectors = 0;
  if (const char* path = std::getenv("CEL_FAILURES")) run.failures.open(path);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".jsonl") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line); ++vectors)
      judge(Json::parse(line), run.tallies[entry.path().stem().string()], run);
  }
  print(run);
  return vectors;
}

}  // namespace

TEST_CASE("conformance vectors of the CEL specification") { CHECK(judge_folder(kFolder + "conformance") == 1056); }

// Run by suite.py, which fetches and converts the vectors.
TEST_CASE("the whole conformance suite", "[.suite]") {
  const char* folder = std::getenv("CEL_SUITE");
  REQUIRE(folder != nullptr);
  CHECK(judge_folder(folder) > 0);
}

}  // namespace posture::cel::test
