// SPDX-License-Identifier: Apache-2.0
// Every example of every check file, and the standard's own pods (tests/checks/psa), through the whole pipeline.
#include <catch2/catch.hpp>
#include <fstream>

#include "base/file.h"
#include "base/yaml.h"
#include "memory_source.h"
#include "posture/evaluate.h"

using namespace posture;

namespace {

const Catalog& builtin() {
  static const Catalog catalog = builtin_catalog();
  return catalog;
}

/// An example is an object, a list of objects, or a map that marks them as refused by a real API server.
void add_example(Value example, MemorySource& source) {
  if (example.is_list()) {
    for (const Node& object : example.elements()) add_example(Value(&object), source);
  } else if (example["refused"].present()) {
    add_example(example["object"].present() ? example["object"] : example["objects"], source);
  } else if (example["kind"].text() == kApiServerKind) {
    source.flagz = R"({"kind":"Flagz","apiVersion":"config.k8s.io/v1beta1","flags":)";
    write_json(example["flags"], source.flagz);
    source.flagz += "}";
  } else {
    source.add(example);
  }
}

struct Counts {
  std::uint64_t of[kStates] = {};
  std::uint64_t operator[](State state) const { return of[static_cast<std::size_t>(state)]; }
};

Assessment assess(const Catalog& catalog, Value example) {
  MemorySource source(catalog);
  add_example(example, source);
  EvaluateOptions options;
  options.workers = 1;
  return evaluate(source, catalog, options);
}

Counts count(const Assessment& assessment) {
  Counts counts;
  for (const Tally& tally : assessment.tallies) {
    for (std::size_t i = 0; i < kStates; ++i) counts.of[i] += tally.count[i];
  }
  for (const Outcome& outcome : assessment.outcomes) {
    if (outcome.object == kNoObject) ++counts.of[static_cast<std::size_t>(State::not_assessed)];
  }
  return counts;
}

std::string text_of(Value value) {
  std::string text;
  write_json(value, text);
  return text;
}

}  // namespace

TEST_CASE("every example of every check gets the outcome that it stands under") {
  for (const Check& check : builtin().checks) {
    const Catalog one = only(builtin(), check.id);
    for (const Member& outcome : check.examples.members()) {
      for (const Node& example : Value(&outcome.node).elements()) {
        INFO(check.id << " " << outcome.key << ": " << text_of(Value(&example)));
        const Counts counts = count(assess(one, Value(&example)));
        CHECK(counts[State::not_assessed] == 0);
        CHECK((outcome.key == "fail") == (counts[State::fail] > 0));
        if (outcome.key == "pass") CHECK(counts[State::pass] > 0);
        if (outcome.key == "not-applicable") CHECK(counts[State::pass] == 0);
      }
    }
  }
}

TEST_CASE("messages of findings are evaluated, not the title for want of one") {
  for (const Check& check : builtin().checks) {
    const Catalog one = only(builtin(), check.id);
    for (const Node& example : check.examples["fail"].elements()) {
      for (const Outcome& outcome : assess(one, Value(&example)).outcomes) {
        INFO(check.id << ": " << text_of(Value(&example)));
        if (outcome.state == State::fail) CHECK(outcome.message != check.title);
      }
    }
  }
}

TEST_CASE("the standard's own pods get the standard's verdict") {
  const std::string folder = std::string(POSTURE_TEST_DATA) + "/checks/psa/";
  const std::vector<YamlDocument> map = parse_yaml(read_file(folder + "map.yaml"), "map.yaml");
  const Value levels = map.front().root();
  std::size_t pods = 0;
  for (const std::string level : {"baseline", "restricted"}) {
    std::ifstream lines(folder + level + ".jsonl");
    for (std::string line; std::getline(lines, line);) {
      ++pods;
      const JsonDocument document(line, level);
      const Value pod = document.root();
      std::vector<Value> upstream = {levels[level]};
      if (level == "restricted") upstream.push_back(levels["baseline"]);
      const Assessment assessment = assess(builtin(), pod["object"]);
      INFO(level << " " << pod["name"].text() << " " << pod["verdict"].text());
      std::set<std::string> failed;
      for (const Outcome& outcome : assessment.outcomes) {
        if (outcome.state == State::fail) failed.insert(builtin().checks[outcome.check].id);
      }
      bool fires = false;
      bool fires_any = false;
      for (const Value checks : upstream) {
        for (const Member& member : checks.members()) {
          for (const Node& id : Value(&member.node).elements()) {
            const bool found = failed.count(std::string(Value(&id).text())) > 0;
            fires_any |= found;
            fires |= found && member.key == pod["check"].text();
          }
        }
      }
      CHECK((pod["verdict"].text() == "fail" ? fires : !fires_any));
    }
  }
  CHECK(pods == 148);
}
