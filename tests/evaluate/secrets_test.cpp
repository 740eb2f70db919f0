// SPDX-License-Identifier: Apache-2.0
// Secrets are read on request and as metadata; of other kinds metadata is enough where no check and no fact asks for more.
#include <algorithm>
#include <catch2/catch.hpp>

#include "memory_source.h"
#include "posture/evaluate.h"
#include "posture/permissions.h"

using namespace posture;

namespace {

MemorySource shop(const Catalog& catalog) {
  MemorySource source(catalog);
  source.add(
      R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"shop"},"data":{"password":"aHVudGVyMg=="}})");
  source.add(
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"app","namespace":"shop"},"data":{"mode":"fast"}})");
  return source;
}

Assessment run(MemorySource& source, const Catalog& catalog, bool secrets) {
  EvaluateOptions options;
  options.workers = 1;
  options.keep_passed = true;
  options.scope.secrets = secrets;
  return evaluate(source, catalog, options);
}

/// "pass", "fail", "not-assessed withheld", …, sorted.
std::vector<std::string> states(const Assessment& assessment) {
  std::vector<std::string> states;
  for (const ObjectState& each : assessment.passed) states.emplace_back(to_string(each.state));
  for (const Outcome& outcome : assessment.outcomes) {
    const std::string reason =
        outcome.gap == kNoObject ? "" : std::string(" ") + to_string(assessment.gaps[outcome.gap].reason);
    states.push_back(std::string(to_string(outcome.state)) + reason);
  }
  std::sort(states.begin(), states.end());
  return states;
}

/// Which kinds were listed, with a * behind those of which only metadata was.
std::vector<std::string> listed(const MemorySource& source) {
  std::vector<std::string> kinds;
  for (const ListRequest& request : source.asked)
    kinds.push_back(request.resource.kind + (request.metadata_only ? "*" : ""));
  return kinds;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("Secrets are not read unless that is asked for, and the report says so without being incomplete") {
  const Catalog catalog = one_check("Secret", "has(object.metadata.labels)");
  MemorySource source = shop(catalog);
  const Assessment assessment = run(source, catalog, false);
  CHECK(states(assessment) == Texts{"not-assessed withheld"});
  CHECK(assessment.gaps.front().message.find("--include-secrets") != std::string::npos);
  CHECK_FALSE(assessment.incomplete());
  CHECK(listed(source).empty());
}

TEST_CASE("Secrets that are asked for are listed as metadata") {
  const Catalog catalog = one_check("Secret", "has(object.metadata.labels) && object.kind == 'Secret'",
                                    "\"'Secret ' + object.metadata.name\"");
  MemorySource source = shop(catalog);
  CHECK(states(run(source, catalog, true)) == Texts{"fail"});
  CHECK(listed(source) == Texts{"Secret*"});
}

TEST_CASE("what looks into Secrets is never decided on a cluster, however it looks") {
  for (const std::string expect :
       {"has(object.data)", "!has(object.data.password)", "'data' in object", "object['type'] == 'Opaque'",
        "object.?data.?password.orValue('') == ''", "object == object", "object.map(k, k).size() < 9",
        "[object].all(o, !has(o.data))", "has(object.metadata.labels) || has(object.immutable)"}) {
    INFO(expect);
    const Catalog catalog = one_check("Secret", "\"" + expect + "\"");
    MemorySource source = shop(catalog);
    const Assessment assessment = run(source, catalog, true);
    CHECK(states(assessment) == Texts{"not-assessed withheld"});
    CHECK_FALSE(assessment.incomplete());
    CHECK(listed(source).empty());
  }
  const Catalog told = one_check("Secret", "has(object.metadata.labels)", "\"'it holds ' + object.data.password\"");
  MemorySource source = shop(told);
  CHECK(states(run(source, told, true)) == Texts{"not-assessed withheld"});
}

TEST_CASE("a check of several kinds is decided on the others") {
  const Catalog catalog = one_check("Secret, ConfigMap", "has(object.data.mode)");
  MemorySource source = shop(catalog);
  CHECK(states(run(source, catalog, true)) == Texts{"not-assessed withheld", "pass"});
  CHECK(listed(source) == Texts{"ConfigMap"});
}

TEST_CASE("manifests show what they show") {
  const Catalog catalog = one_check("Secret", "\"!has(object.data)\"");
  MemorySource source;
  source.open = true;
  source.add(
      R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"shop"},"data":{"password":"aHVudGVyMg=="}})");
  CHECK(states(run(source, catalog, false)) == Texts{"fail"});
}

TEST_CASE("other kinds come as metadata where nothing needs more") {
  const auto asked_for = [](const std::string& match, const std::string& expect) {
    const Catalog catalog = one_check(match, expect);
    MemorySource source = shop(catalog);
    run(source, catalog, false);
    return listed(source);
  };
  CHECK(asked_for("ConfigMap", "has(object.metadata.labels)") == Texts{"ConfigMap*"});
  CHECK(asked_for("ConfigMap", "has(object.data)") == Texts{"ConfigMap"});
  CHECK(asked_for("ServiceAccount", "has(object.metadata.labels)") == Texts{"ServiceAccount"});  // facts rest on it
  CHECK(asked_for("apps/Deployment", "has(object.metadata.labels)") == Texts{"Deployment"});  // it owns pods
}

TEST_CASE("the role for a scan has no right to Secrets unless that is asked for, and then says what it means") {
  const Catalog catalog = one_check("Secret", "has(object.metadata.labels)");
  const Discovery discovery = usual_discovery(catalog);
  const auto role = [&](bool secrets) {
    const Scope scope{{}, secrets};
    return role_yaml(permissions_needed(catalog, discovery, scope), scope, nullptr);
  };
  CHECK(role(false).find("secrets") == std::string::npos);
  const std::string with = role(true);
  CHECK(with.find("  # A scan lists Secrets without their contents") != std::string::npos);
  CHECK(with.find("    resources: [secrets]\n    verbs: [list]\n") != std::string::npos);
}
