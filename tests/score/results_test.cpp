// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "posture/score.h"
#include "sample.h"

using namespace posture;

namespace {

/// Two checks over two namespaces and one object without.
Sample small() {
  Sample sample;
  sample.check("a", Severity::high);
  sample.check("b", Severity::medium);
  const std::uint32_t role = sample.object("", "rbac.authorization.k8s.io", "ClusterRole", "admin");
  const std::uint32_t api = sample.object("pay", "apps", "Deployment", "api");
  const std::uint32_t job = sample.object("web", "batch", "Job", "report");
  sample.judge(0, api, State::fail);
  sample.judge(0, job, State::pass);
  sample.judge(1, role, State::pass);
  sample.sort();
  return sample;
}

Gap refused(const std::string& resource, const std::string& ns) {
  Gap gap;
  gap.resource = resource;
  gap.ns = ns;
  gap.status = 403;
  gap.reason = GapReason::forbidden;
  return gap;
}

std::string describe(const std::vector<std::pair<std::string, Score>>& scores) {
  std::string out;
  for (const auto& [ns, score] : scores) {
    out += ns + ":" + (score.value ? std::to_string(static_cast<int>(*score.value)) : "-") + "[" +
           std::to_string(static_cast<int>(score.low)) + "," + std::to_string(static_cast<int>(score.high)) + "] ";
  }
  return out;
}

}  // namespace

TEST_CASE("tallies add up per check, also of checks that met no object") {
  Sample sample = small();
  sample.check("c", Severity::low);
  const std::vector<CheckResult> results = check_results(sample.catalog, sample.assessment);
  REQUIRE(results.size() == 3);
  CHECK(results[0].of(State::fail) == 1);
  CHECK(results[0].of(State::pass) == 1);
  CHECK(results[0].state() == State::fail);
  CHECK(results[1].state() == State::pass);
  CHECK(results[2].state() == State::not_applicable);
}

TEST_CASE("a check that did not run has no result") {
  Sample sample = small();
  sample.assessment.checks = {1};
  const std::vector<CheckResult> results = check_results(sample.catalog, sample.assessment);
  REQUIRE(results.size() == 1);
  CHECK(results[0].check == 1);
}

TEST_CASE("an outcome without object makes the population unknown: the check cannot pass") {
  Sample sample = small();
  sample.refuse(refused("clusterroles", ""), {1});
  const std::vector<CheckResult> results = check_results(sample.catalog, sample.assessment);
  CHECK(!results[0].population_unknown);
  CHECK(results[1].population_unknown);
  CHECK(results[1].state() == State::not_assessed);
}

TEST_CASE("namespaces are scored alone") {
  Sample sample = small();
  CHECK(describe(score_by_namespace(sample.catalog, sample.assessment)) ==
        ":100[100,100] pay:0[0,0] web:100[100,100] ");
}

TEST_CASE("a refused read widens the bounds of the namespaces it concerns") {
  Sample sample = small();
  sample.refuse(refused("jobs.batch", "web"), {0});
  CHECK(describe(score_by_namespace(sample.catalog, sample.assessment)) == ":100[100,100] pay:0[0,0] web:100[0,100] ");
  sample.refuse(refused("pods", ""), {0});
  sample.refuse(refused("pods", "new"), {0});
  CHECK(describe(score_by_namespace(sample.catalog, sample.assessment)) ==
        ":100[33,100] new:-[0,100] pay:0[0,50] web:100[0,100] ");
}

TEST_CASE("a list that was read in some namespaces leaves those as they are, and shows the others") {
  Sample sample = small();
  Gap gap = refused("pods", "");
  gap.read_in = {"web"};
  gap.unread_in = {"dark"};
  sample.refuse(gap, {0});
  CHECK(describe(score_by_namespace(sample.catalog, sample.assessment)) ==
        ":100[33,100] dark:-[0,100] pay:0[0,50] web:100[100,100] ");
}
