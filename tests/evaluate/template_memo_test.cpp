// SPDX-License-Identifier: Apache-2.0
// Equal specs are judged once: whether pods are judged together or each in a run of its own must make no difference.
#include <catch2/catch.hpp>
#include <set>

#include "memory_source.h"
#include "posture/evaluate.h"

using namespace posture;

namespace {

const Catalog& builtin() {
  static const Catalog catalog = builtin_catalog();
  return catalog;
}

std::string with(std::string text, std::string_view old, const std::string& replacement) {
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += replacement.size())
    text.replace(at, old.size(), replacement);
  return text;
}

/// The specs of all examples that are pods, each as three pods of one template: name, node, token volume and label differ.
std::vector<std::string> pods() {
  std::set<std::string> specs;
  for (const Check& check : builtin().checks) {
    for (const char* outcome : {"pass", "fail"}) {
      for (const Node& example : check.examples[outcome].elements()) {
        if (Value(&example)["kind"].text() != "Pod" || !Value(&example)["spec"]["containers"].is_list()) continue;
        std::string spec;
        write_json(Value(&example)["spec"], spec);
        specs.insert(spec);
      }
    }
  }
  std::vector<std::string> pods;
  for (const std::string& spec : specs) {
    for (const char* letter : {"c", "a", "b"}) {
      const std::string name = "pod-" + std::to_string(pods.size()) + "-" + letter;
      std::string own = with(spec, "kube-api-access-", std::string("kube-api-access-wxyz") + letter);
      own.insert(1, R"("nodeName":"node-)" + std::string(letter) + R"(",)");
      pods.push_back(R"({"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","labels":{"x":")" + name +
                     R"("},"name":")" + name + R"("},"spec":)" + own + "}");
    }
  }
  return pods;
}

std::string line_of(const Assessment& assessment, std::uint32_t check, std::uint32_t object, State state) {
  return builtin().checks[check].id + " " + assessment.objects[object].name + " " + to_string(state);
}

std::multiset<std::string> verdicts(const std::vector<std::string>& pods) {
  MemorySource source(builtin());
  for (const std::string& pod : pods) source.add(pod);
  EvaluateOptions options;
  options.workers = 1;
  options.keep_passed = true;
  const Assessment assessment = evaluate(source, builtin(), options);
  std::multiset<std::string> lines;
  for (const Outcome& outcome : assessment.outcomes) {
    if (outcome.object == kNoObject) continue;
    std::string line = line_of(assessment, outcome.check, outcome.object, outcome.state);
    for (const std::string_view part : {outcome.pointer, outcome.path, outcome.message, outcome.observed})
      line.append("\n  ").append(part);
    lines.insert(line);
  }
  for (const ObjectState& each : assessment.passed)
    lines.insert(line_of(assessment, each.check, each.object, each.state));
  return lines;
}

}  // namespace

TEST_CASE("pods of one template judged together get what each gets alone") {
  const std::vector<std::string> all = pods();
  REQUIRE(all.size() > 200);
  std::multiset<std::string> alone;
  for (const std::string& pod : all) alone.merge(verdicts({pod}));
  const std::multiset<std::string> together = verdicts(all);
  CHECK(together.size() > 5000);
  CHECK(together == alone);
}

TEST_CASE("pods of one controller show their findings together, in whatever order they come") {
  const std::string pod =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","name":"N","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u","controller":true}]},)"
      R"("spec":{"containers":[{"name":"app","image":"I","securityContext":{"privileged":true,"capabilities":{"add":["NET_ADMIN"]}}},{"name":"two","image":"I","ports":[{"hostPort":80}]}]}})";
  const auto named = [&](const std::string& name, const std::string& image) {
    return with(with(pod, "\"N\"", "\"" + name + "\""), "\"I\"", "\"" + image + "\"");
  };
  std::vector<std::string> pods;
  for (const char* name : {"c", "a", "b"}) {
    for (const char* image : {"one", "two"}) pods.push_back(named(std::string(name) + "-" + image, image));
  }
  const auto seen = [](const std::vector<std::string>& order) {
    MemorySource source(builtin());
    for (const std::string& each : order) source.add(each);
    EvaluateOptions options;
    options.workers = 1;
    const Assessment assessment = evaluate(source, builtin(), options);
    std::multiset<std::string> lines;
    for (const Outcome& outcome : assessment.outcomes) {
      if (outcome.object == kNoObject || outcome.observed_on == kNoObject) continue;
      std::string line = line_of(assessment, outcome.check, outcome.object, outcome.state) + " " +
                         assessment.objects[outcome.observed_on].name + " " + std::to_string(outcome.observed_count);
      for (const std::string_view part : {outcome.pointer, outcome.path, outcome.message, outcome.observed})
        line.append("\n  ").append(part);
      lines.insert(line);
    }
    return lines;
  };
  const std::multiset<std::string> in_turn = seen(pods);
  const std::string first =
      "privileged-container web fail a-one 6\n  /spec/containers/0\n  spec.template.spec.containers[app]";
  CHECK(std::any_of(in_turn.begin(), in_turn.end(), [&](const std::string& line) { return line.starts_with(first); }));
  for (const std::vector<std::size_t>& order :
       {std::vector<std::size_t>{0, 2, 4, 1, 3, 5}, {5, 3, 1, 4, 2, 0}, {2, 4, 0, 3, 5, 1}, {1, 0, 5, 4, 3, 2}}) {
    std::vector<std::string> ordered;
    for (const std::size_t i : order) ordered.push_back(pods[i]);
    CHECK(seen(ordered) == in_turn);
  }
}

TEST_CASE("pods that show more than a few findings show them together, too") {
  const auto pod = [](const std::string& name) {
    std::string containers;
    for (int i = 0; i < 40; ++i) {
      containers += (i == 0 ? "" : ",") + (R"({"name":"c)" + std::to_string(i)) +
                    R"(","image":"a:1","securityContext":{"privileged":true,"runAsUser":0},"workingDir":")" + name +
                    R"("})";
    }
    return R"({"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","name":")" + name +
           R"(","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u","controller":true}]},"spec":{"containers":[)" +
           containers + "]}}";
  };
  MemorySource source(builtin());
  for (const char* name : {"b", "a", "c"}) source.add(pod(name));
  EvaluateOptions options;
  options.workers = 1;
  const Assessment assessment = evaluate(source, builtin(), options);
  std::size_t privileged = 0;
  std::set<std::string_view> checks;
  for (const Outcome& outcome : assessment.outcomes) {
    if (outcome.observed_on == kNoObject) continue;
    checks.insert(builtin().checks[outcome.check].id);
    if (builtin().checks[outcome.check].id == "privileged-container") ++privileged;
    CHECK(outcome.observed_count == 3);
    CHECK(assessment.objects[outcome.observed_on].name == "a");
  }
  CHECK(privileged == 40);
  CHECK(checks.size() > 5);
}

TEST_CASE("what differs between pods of one template still counts") {
  const std::string privileged = R"("securityContext":{"privileged":true},)";
  const std::string plain =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","name":"N"},"spec":{"containers":[{S"name":"app","image":"a"}]}})";
  std::vector<std::string> pods = {with(with(plain, "\"N\"", "\"one\""), "S\"", "\"")};
  pods.push_back(with(with(plain, "\"N\"", "\"two\""), "S\"", privileged + "\""));
  const std::multiset<std::string> found = verdicts(pods);
  const auto has = [&](const std::string& start) {
    return std::any_of(found.begin(), found.end(), [&](const std::string& line) { return line.starts_with(start); });
  };
  CHECK(has("privileged-container one pass"));
  CHECK(has("privileged-container two fail"));
}
