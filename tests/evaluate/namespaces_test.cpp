// SPDX-License-Identifier: Apache-2.0
// Who may not list in all namespaces at once is judged by the namespaces that may be read; the rest stays open.
#include <catch2/catch.hpp>

#include "memory_source.h"
#include "posture/evaluate.h"

using namespace posture;

namespace {

const KindName kPod = {"", "Pod"};
const KindName kNamespace = {"", "Namespace"};
const KindName kPolicy = {"networking.k8s.io", "NetworkPolicy"};

const Catalog& builtin() {
  static const Catalog catalog = builtin_catalog();
  return catalog;
}

Assessment run(Source& source, const Catalog& catalog) {
  EvaluateOptions options;
  options.workers = 2;
  return evaluate(source, catalog, options);
}

/// Three namespaces, each with one privileged pod.
MemorySource three_namespaces(const Catalog& catalog) {
  MemorySource source(catalog);
  for (const std::string ns : {"attic", "shop", "team"}) {
    source.add(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":")" + ns + R"("}})");
    source.add(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":")" + ns +
               R"("},"spec":{"containers":[{"name":"app","image":"a","securityContext":{"privileged":true}}]}})");
  }
  return source;
}

/// Of one check: "fail shop, not-assessed *", sorted.
std::vector<std::string> states(const Assessment& assessment) {
  std::vector<std::string> states;
  for (const Outcome& outcome : assessment.outcomes) {
    const ObjectName* object = outcome.object == kNoObject ? nullptr : &assessment.objects[outcome.object];
    const std::string where = object == nullptr ? "*" : object->ns.empty() ? object->name : object->ns;
    states.push_back(std::string(to_string(outcome.state)) + " " + where);
  }
  return states;
}

using Names = std::vector<std::string>;

const Gap& only_gap(const Assessment& assessment) {
  REQUIRE(assessment.gaps.size() == 1);
  return assessment.gaps.front();
}

}  // namespace

TEST_CASE("what is forbidden in all namespaces at once is read in those where it is not") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source = three_namespaces(catalog);
  source.refuse_whole(kPod, GapReason::forbidden, 403);

  SECTION("in each of them: nothing is missing") {
    const Assessment assessment = run(source, catalog);
    CHECK(states(assessment) == Names{"fail attic", "fail shop", "fail team"});
    CHECK(assessment.gaps.empty());
    CHECK_FALSE(assessment.incomplete());
    CHECK(assessment.objects_read == 3);
  }
  SECTION("in two of three: the third stays open, by name") {
    source.refuse_in("attic", kPod);
    const Assessment assessment = run(source, catalog);
    CHECK(states(assessment) == Names{"fail shop", "fail team", "not-assessed *"});
    const Gap& gap = only_gap(assessment);
    CHECK(gap.read_in == Names{"shop", "team"});
    CHECK(gap.unread_in == Names{"attic"});
    CHECK(gap.message == "read in shop, team; not in attic: refused in attic");
    CHECK(gap.partial);
    CHECK(gap.status == 403);
    CHECK(assessment.incomplete());
  }
  SECTION("nowhere: one gap, in the words of the first refusal") {
    for (const char* ns : {"attic", "shop", "team"}) source.refuse_in(ns, kPod);
    const Assessment assessment = run(source, catalog);
    CHECK(states(assessment) == Names{"not-assessed *"});
    CHECK(only_gap(assessment) == Gap{"Pod", "", 403, GapReason::forbidden, "refused as a whole", false});
  }
}

TEST_CASE("where nobody says which namespaces there are, the context's own is tried") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source = three_namespaces(catalog);
  source.refuse_whole(kPod, GapReason::forbidden, 403);
  source.refuse(kNamespace, GapReason::forbidden);

  SECTION("and read; that there may be others stays open") {
    const Assessment assessment = run(source, catalog);
    CHECK(states(assessment) == Names{"fail shop", "not-assessed *"});
    const Gap& gap = only_gap(assessment);
    CHECK(gap.read_in == Names{"shop"});
    CHECK(gap.unread_in.empty());
    CHECK(gap.message == "read in shop: which others there are is not known: refused by the test");
  }
  SECTION("and refused") {
    source.refuse_in("shop", kPod);
    CHECK(states(run(source, catalog)) == Names{"not-assessed *"});
  }
  SECTION("a context without one") {
    source.own = "";
    CHECK(states(run(source, catalog)) == Names{"not-assessed *"});
  }
}

TEST_CASE("85: what stands in a namespace that came after the list of namespaces is judged, too") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source = three_namespaces(catalog);
  source.add(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"young"},"spec":{"containers":)"
             R"([{"name":"app","image":"a","securityContext":{"privileged":true}}]}})");

  SECTION("where all namespaces are read at once") {
    const Assessment assessment = run(source, catalog);
    CHECK(states(assessment) == Names{"fail attic", "fail shop", "fail team", "fail young"});
    CHECK_FALSE(assessment.incomplete());
  }
  SECTION("where they are read one by one, those count that the list held") {
    source.refuse_whole(kPod, GapReason::forbidden, 403);
    const Assessment assessment = run(source, catalog);
    CHECK(states(assessment) == Names{"fail attic", "fail shop", "fail team"});
    CHECK_FALSE(assessment.incomplete());
  }
}

TEST_CASE("an object that breaks the list of all leaves only its namespace open") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source = three_namespaces(catalog);
  source.refuse_whole(kPod, GapReason::unavailable, 500);
  source.refuse_in("team", kPod);
  const Assessment assessment = run(source, catalog);
  CHECK(states(assessment) == Names{"fail attic", "fail shop", "not-assessed *"});
  CHECK(only_gap(assessment).unread_in == Names{"team"});
}

TEST_CASE("other failures of a list are not tried namespace by namespace") {
  const Catalog catalog = only(builtin(), "privileged-container");
  for (const int status : {0, 404, 429, 503, 504}) {
    INFO(status);
    MemorySource source = three_namespaces(catalog);
    source.refuse_whole(kPod, GapReason::unavailable, status);
    CHECK(states(run(source, catalog)) == Names{"not-assessed *"});
    for (const ListRequest& request : source.asked) CHECK(request.ns.empty());
  }
}

TEST_CASE("a fact is known in the namespaces whose list was read, and only there") {
  const Catalog catalog = only(builtin(), "no-default-deny-ingress");
  MemorySource source = three_namespaces(catalog);
  source.refuse_whole(kPolicy, GapReason::forbidden, 403);
  source.refuse_in("attic", kPolicy);
  CHECK(states(run(source, catalog)) == Names{"not-assessed attic", "fail shop", "fail team"});
}

TEST_CASE("a recording holds the lists of single namespaces, too") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source = three_namespaces(catalog);
  source.refuse_whole(kPod, GapReason::forbidden, 403);
  read_all(source, catalog, {});
  Names pods;
  for (const ListRequest& request : source.asked) {
    if (request.resource.kind == "Pod") pods.push_back(request.ns);
  }
  CHECK(pods == Names{"", "attic", "shop", "team"});
}

TEST_CASE("a namespace in which nothing is must be there to count as read") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source = three_namespaces(catalog);
  EvaluateOptions options;
  options.scope.namespaces = {"shop", "typo"};
  CHECK(evaluate(source, catalog, options).gaps.empty());  // it is there, and empty
  CHECK(source.got == Names{"/api/v1/namespaces/typo"});

  source.missing = "/api/v1/namespaces/typo";
  const Assessment assessment = evaluate(source, catalog, options);
  CHECK(only_gap(assessment).reason == GapReason::not_found);
  CHECK(only_gap(assessment).resource == "/api/v1/namespaces/typo");
  CHECK(assessment.incomplete());
  CHECK(states(assessment) == Names{"fail shop", "not-assessed *"});
  CHECK(assessment.outcomes.back().ns == "typo");
  CHECK(read_all(source, catalog, options.scope) == assessment.gaps);
}

TEST_CASE("what is no name of a namespace is not asked for") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source = three_namespaces(catalog);
  EvaluateOptions options;
  options.scope.namespaces = {"../pods"};
  CHECK(only_gap(evaluate(source, catalog, options)).reason == GapReason::not_found);
  CHECK(source.got.empty());
}

TEST_CASE("a namespace whose lists are refused is not asked for again, and manifests know of no namespaces") {
  const Catalog catalog = only(builtin(), "privileged-container");
  MemorySource source = three_namespaces(catalog);
  EvaluateOptions options;
  options.scope.namespaces = {"typo"};
  source.missing = "/api/v1/namespaces/typo";
  source.refuse_in("typo", kPod);
  CHECK(only_gap(evaluate(source, catalog, options)).reason == GapReason::forbidden);
  MemorySource files = three_namespaces(catalog);
  files.open = true;
  evaluate(files, catalog, options);
  CHECK(files.got.empty());
}
