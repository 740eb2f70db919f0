// SPDX-License-Identifier: Apache-2.0
#include "posture/evaluate.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "memory_source.h"
#include "posture/error.h"

using namespace posture;

namespace {

const Catalog& builtin() {
  static const Catalog catalog = builtin_catalog();
  return catalog;
}

Assessment run(MemorySource& source, const Catalog& catalog, std::size_t workers = 2) {
  EvaluateOptions options;
  options.workers = workers;
  return evaluate(source, catalog, options);
}

std::string pod(const std::string& name, const std::string& metadata, const std::string& container) {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name + R"(","namespace":"shop")" + metadata +
         R"(},"spec":{"containers":[{"name":"app","image":"a")" + container + "}]}}";
}
const std::string kPrivileged = R"(,"securityContext":{"privileged":true})";

std::string owned_by(const std::string& kind, const std::string& name, const std::string& version = "apps/v1") {
  return R"(,"ownerReferences":[{"apiVersion":")" + version + R"(","kind":")" + kind + R"(","name":")" + name +
         R"(","uid":"u","controller":true}])";
}

std::string workload(const std::string& kind, const std::string& name, const std::string& metadata = "",
                     const std::string& container = "", const std::string& spec = "") {
  const std::string version = kind == "Job" ? "batch/v1" : "apps/v1";
  return R"({"apiVersion":")" + version + R"(","kind":")" + kind + R"(","metadata":{"name":")" + name +
         R"(","namespace":"shop")" + metadata + R"(},"spec":{)" + spec +
         R"("template":{"spec":{"containers":[{"name":"app","image":"a")" + container + "}]}}}}";
}

/// "kind/name path state on:kind/name xcount", one line each.
std::string describe(const Assessment& assessment) {
  std::string text;
  for (const Outcome& outcome : assessment.outcomes) {
    if (outcome.object == kNoObject) {
      text += "- not-assessed " + std::string(outcome.message) + "\n";
      continue;
    }
    const ObjectName& object = assessment.objects[outcome.object];
    text += object.kind + "/" + object.name + " " + std::string(outcome.path) + " " + to_string(outcome.state);
    if (outcome.observed_on != kNoObject) {
      const ObjectName& live = assessment.objects[outcome.observed_on];
      text += " on " + live.kind + "/" + live.name + " x" + std::to_string(outcome.observed_count);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a finding says where and what was seen") {
  MemorySource source(builtin());
  source.add(pod("web", "", kPrivileged));
  const Assessment assessment = run(source, only(builtin(), "privileged-container"));
  REQUIRE(assessment.outcomes.size() == 1);
  const Outcome& outcome = assessment.outcomes.front();
  CHECK(outcome.pointer == "/spec/containers/0");
  CHECK(outcome.path == "spec.containers[app]");
  CHECK(outcome.observed == R"({"securityContext.privileged":true})");
  CHECK(fingerprint(builtin(), assessment, outcome).size() == 64);
}

TEST_CASE("live pods land on their top owner") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source(catalog);
  const std::string hash = R"(,"labels":{"pod-template-hash":"abc"})";
  for (const char* name : {"web-abc-2", "web-abc-1"})
    source.add(pod(name, hash + owned_by("ReplicaSet", "web-abc"), kPrivileged));

  SECTION("through the replica set, when only the pods show it") {
    source.add(workload("ReplicaSet", "web-abc", owned_by("Deployment", "web")));
    source.add(workload("Deployment", "web"));
    CHECK(describe(run(source, catalog)) ==
          "Deployment/web spec.template.spec.containers[app] fail on Pod/web-abc-1 x2\n");
  }
  SECTION("by name alone, when replica sets cannot be read") {
    source.add(workload("Deployment", "web", "", kPrivileged));
    source.refuse({"apps", "ReplicaSet"}, GapReason::forbidden);
    CHECK(describe(run(source, catalog)) ==
          "Deployment/web spec.template.spec.containers[app] fail on Pod/web-abc-1 x2\n- not-assessed apps/ReplicaSet: "
          "refused by the test\n");
  }
  SECTION("a template that shows it too speaks for itself") {
    source.add(workload("ReplicaSet", "web-abc", owned_by("Deployment", "web"), kPrivileged));
    source.add(workload("Deployment", "web", "", kPrivileged));
    const Assessment assessment = run(source, catalog);
    CHECK(describe(assessment) == "Deployment/web spec.template.spec.containers[app] fail on Pod/web-abc-1 x2\n");
    CHECK(assessment.outcomes.front().pointer == "/spec/template/spec/containers/0");
  }
}

TEST_CASE("what does not run is not judged") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source(catalog);
  source.add(workload("ReplicaSet", "old", owned_by("Deployment", "web"), kPrivileged, R"("replicas":0,)"));
  source.add(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"done","namespace":"shop"},"status":{"phase":"Succeeded"},)"
      R"("spec":{"containers":[{"name":"a","image":"a","securityContext":{"privileged":true}}]}})");
  const Assessment assessment = run(source, catalog);
  CHECK(assessment.outcomes.empty());
  CHECK(assessment.tallies.empty());
}

TEST_CASE("a list is a transaction") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source(catalog);
  source.add(pod("one", "", kPrivileged));
  source.add(pod("two", "", ""));

  SECTION("a restart replaces what came before") {
    source.restart_lists();
    const Assessment assessment = run(source, catalog);
    CHECK(assessment.objects_read == 2);
    CHECK(assessment.tallies.front().count[static_cast<std::size_t>(State::pass)] == 1);
  }
  SECTION("one that stops half-way keeps its fails and says what is missing") {
    source.refuse({"", "Pod"}, GapReason::unavailable, 1);
    const Assessment assessment = run(source, catalog);
    CHECK(describe(assessment) == "Pod/one spec.containers[app] fail\n- not-assessed Pod: refused by the test\n");
    CHECK(assessment.incomplete());
  }
}

TEST_CASE("a fact that rests on an unread list makes the outcome not assessed") {
  const Catalog catalog = only(builtin(), "no-default-deny-ingress");
  MemorySource source(catalog);
  source.add(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}})");
  CHECK(describe(run(source, catalog)) == "Namespace/shop  fail\n");
  source.refuse({"networking.k8s.io", "NetworkPolicy"}, GapReason::forbidden);
  const Assessment assessment = run(source, catalog);
  CHECK(describe(assessment) == "Namespace/shop  not-assessed\n");
  CHECK(assessment.outcomes.front().message == "needs networking.k8s.io/NetworkPolicy: refused by the test");
  CHECK(assessment.incomplete());
}

TEST_CASE("manifests cannot show that something is absent") {
  const Catalog catalog = only(builtin(), "no-default-deny-ingress");
  MemorySource source(catalog);
  source.open = true;
  source.add(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}})");
  const Assessment assessment = run(source, catalog);
  CHECK(describe(assessment) == "Namespace/shop  not-assessed\n");
  CHECK(assessment.outcomes.front().message.find("a set of manifests cannot show") != std::string_view::npos);
  CHECK_FALSE(assessment.incomplete());
}

TEST_CASE("a kind that no manifest is of is as unknown as one that some are of") {
  const Catalog catalog = only(builtin(), "no-default-deny-ingress");
  MemorySource source;
  source.open = true;
  source.add(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}})");
  const Assessment assessment = run(source, catalog);
  CHECK(describe(assessment) == "Namespace/shop  not-assessed\n");
  CHECK(assessment.outcomes.front().message.find("a set of manifests cannot show") != std::string_view::npos);
  CHECK_FALSE(assessment.incomplete());
}

TEST_CASE("the API server's flags come from either source, and a pass needs those of every server") {
  const Catalog catalog = only(builtin(), "profiling-enabled");
  MemorySource source(catalog);
  const auto mirror = [](const std::string& name, const std::string& arguments, const std::string& status = "{}") {
    return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
           R"(","namespace":"kube-system","annotations":{"kubernetes.io/config.mirror":"x"}},"spec":{"containers":[{"name":"kube-apiserver",)"
           R"("image":"a","command":["kube-apiserver"],"args":[)" +
           arguments + R"(]}]},"status":)" + status + "}";
  };
  const std::string good_flagz = R"({"kind":"Flagz","flags":{"profiling":"false"}})";
  const std::string good_mirror = mirror("kube-apiserver-a", R"("--profiling=false","--advertise-address=192.0.2.10")");
  const auto found = [&] { return describe(run(source, catalog)); };
  const auto hidden_behind = [](const std::string& name) { return "APIServer/  not-assessed on " + name + " x1\n"; };

  SECTION("no source: not assessed") { CHECK(found() == "- not-assessed /flagz: the server does not have it\n"); }
  SECTION("mirror pods name the replica") {
    source.add(good_mirror);
    source.add(mirror("kube-apiserver-b", R"("--profiling","true")"));
    CHECK(found() == "APIServer/  fail on Pod/kube-apiserver-b x1\n");
  }
  SECTION("a mirror pod of every server") {
    source.api_servers = {"192.0.2.10", "192.0.2.11", "2001:db8::12"};
    source.add(good_mirror);
    source.add(mirror("kube-apiserver-b", R"("--profiling=false")", R"({"hostIPs":[{"ip":"192.0.2.11"}]})"));
    source.add(mirror("kube-apiserver-c", R"("--profiling=false")", R"({"podIPs":[{"ip":"2001:db8::12"}]})"));
    CHECK(found().empty());
  }
  SECTION("a mirror pod of some other server") {
    source.api_servers = {"192.0.2.77"};
    source.add(good_mirror);
    CHECK(found() == hidden_behind("Pod/kube-apiserver-a"));
    source.flagz = good_flagz;
    CHECK(found().empty());
    source.flagz = R"({"kind":"Flagz","flags":{"profiling":"true"}})";
    CHECK(found() == "APIServer/  fail on APIServer//flagz x1\n");
  }
  SECTION("a mirror pod of one server, /flagz of the other, which says its address") {
    source.api_servers = {"192.0.2.10", "192.0.2.11"};
    source.add(good_mirror);
    source.flagz = R"({"kind":"Flagz","flags":{"profiling":"false","advertise-address":"192.0.2.11"}})";
    CHECK(found().empty());
  }
  SECTION("without that, either of them may have answered /flagz") {
    source.api_servers = {"192.0.2.10", "192.0.2.11"};
    source.add(good_mirror);
    source.flagz = good_flagz;
    const Assessment assessment = run(source, catalog);
    CHECK(describe(assessment) == hidden_behind("Pod/kube-apiserver-a"));
    CHECK_FALSE(assessment.incomplete());
    CHECK(assessment.gaps.back().message ==
          "1 of 2 API servers shows no flags, neither by a mirror pod nor here by /flagz: 192.0.2.11");
  }
  SECTION("nobody says how many servers there are") {
    source.api_servers = {};
    source.add(good_mirror);
    CHECK(found() == hidden_behind("Pod/kube-apiserver-a"));
  }
  source.flagz = good_flagz;
  SECTION("/flagz of the only server, with every pod read") { CHECK(found().empty()); }
  SECTION("/flagz of one of several servers") {
    source.api_servers = {"192.0.2.10", "192.0.2.11"};
    CHECK(found() == hidden_behind("APIServer//flagz"));
  }
  SECTION("/flagz alone, with replicas that may be hidden") {
    source.refuse({"", "Pod"}, GapReason::forbidden);
    CHECK(found() == hidden_behind("APIServer//flagz"));
  }
}

TEST_CASE("the number of workers changes nothing") {
  MemorySource source(builtin());
  for (const Check& check : builtin().checks) {
    for (const char* outcome : {"pass", "fail"}) {
      for (const Node& example : check.examples[outcome].elements()) {
        if (Value(&example)["apiVersion"].is_string() && Value(&example)["metadata"]["name"].is_string())
          source.add(Value(&example));
      }
    }
  }
  const std::string one = describe(run(source, builtin(), 1));
  CHECK(one.size() > 1000);
  CHECK(describe(run(source, builtin(), 4)) == one);
}

TEST_CASE("a namespaced scan leaves cluster-scoped checks out") {
  MemorySource source(builtin());
  source.add(pod("web", "", kPrivileged));
  EvaluateOptions options;
  options.scope.namespaces = {"shop"};
  const Assessment assessment = evaluate(source, builtin(), options);
  for (const std::uint32_t index : assessment.checks) {
    CHECK(builtin().checks[index].match != std::vector<KindName>{{"", "Namespace"}});
    CHECK(builtin().checks[index].match != std::vector<KindName>{{"", kApiServerKind}});
  }
  CHECK(describe(assessment).find("Pod/web spec.containers[app] fail") != std::string::npos);
}

TEST_CASE("what discovery could not tell is unread, not absent") {
  struct Row {
    std::string hidden;
    GapReason reason;
    KindName kind;
  };
  const std::vector<Row> rows = {
      {"/apis", GapReason::unavailable, {"apps", "Deployment"}},
      {"apps", GapReason::malformed, {"apps", "Deployment"}},
      {"/api", GapReason::forbidden, {"", "Pod"}},
  };
  for (const Row& row : rows) {
    for (const std::vector<std::string>& namespaces : {std::vector<std::string>{}, {"shop"}}) {
      INFO(row.hidden << " in " << namespaces.size() << " namespaces");
      MemorySource source(builtin());
      source.hide({row.hidden, "", 503, row.reason, "discovery broke", false});
      EvaluateOptions options;
      options.scope.namespaces = namespaces;
      const Assessment assessment = evaluate(source, builtin(), options);
      const auto gap = std::find_if(assessment.gaps.begin(), assessment.gaps.end(),
                                    [&](const Gap& each) { return each.resource == to_string(row.kind); });
      REQUIRE(gap != assessment.gaps.end());
      CHECK(gap->reason == row.reason);
      CHECK(gap->message == "discovery broke");
      CHECK(describe(assessment).find("not-assessed") != std::string::npos);
      for (const std::uint32_t index : assessment.checks) {
        const std::vector<KindName>& match = builtin().checks[index].match;
        CHECK((namespaces.empty() || match != std::vector<KindName>{{"", kApiServerKind}}));
      }
    }
  }
}

TEST_CASE("an API group that no check asks of is a gap, and costs nothing") {
  MemorySource source(builtin());
  const std::size_t before = evaluate(source, builtin(), {}).gaps.size();
  source.hide({"metrics.example.com", "", 0, GapReason::unavailable, "stale", false});
  const Assessment assessment = evaluate(source, builtin(), {});
  REQUIRE(assessment.gaps.size() == before + 1);
  CHECK(std::count_if(assessment.gaps.begin(), assessment.gaps.end(), [](const Gap& gap) {
          return gap.resource == "*.metrics.example.com" && gap.message == "stale";
        }) == 1);
  CHECK_FALSE(assessment.incomplete());
}

TEST_CASE("a check that does not compile is named with file, field and caret") {
  Catalog catalog = only(builtin(), "privileged-container");
  catalog.checks.front().expect = "container.name +";
  MemorySource source(catalog);
  CHECK_THROWS_WITH(run(source, catalog), Catch::Contains("expect") && Catch::Contains("^"));
}

TEST_CASE("what is left out of a pod's status is there for a check that asks for it") {
  const std::string read = R"(,"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})";
  std::string ready = pod("web", "", "");
  ready.replace(ready.size() - 1, 1, read);
  for (const std::string expect :
       {"object.status.conditions.exists(c, c.type == 'Ready')", "'conditions' in object['status']",
        "object.?status.?conditions.hasValue()", "size(object) == 5"}) {
    INFO(expect);
    const Catalog catalog = one_check("Pod", "\"" + expect + "\"");
    MemorySource source(catalog);
    source.add(ready);
    const Assessment assessment = run(source, catalog);
    CHECK(assessment.outcomes.empty());
    REQUIRE(assessment.tallies.size() == 1);
    CHECK(assessment.tallies[0].count[static_cast<std::size_t>(State::pass)] == 1);
  }
}
