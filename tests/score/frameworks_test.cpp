// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "posture/score.h"
#include "sample.h"

using namespace posture;

namespace {

using Kind = RequirementKind;

/// One check per state, named after it; "out" exists in the catalogue but did not run.
Sample one_check_per_state() {
  Sample sample;
  const std::uint32_t object = sample.object("", "", "Namespace", "one");
  for (const State state : {State::fail, State::manual, State::not_applicable, State::not_assessed}) {
    sample.judge(sample.check(to_string(state), Severity::high), object, state);
  }
  sample.check("nothing", Severity::high);
  sample.check("out", Severity::high);
  sample.assessment.checks.pop_back();
  sample.judge(sample.check("pass", Severity::low), object, State::pass);
  sample.judge(sample.check("waived", Severity::high), object, State::waived);
  sample.sort();
  return sample;
}

std::string state_of(const std::vector<std::string>& checks, RequirementKind kind) {
  Sample sample = one_check_per_state();
  std::vector<std::string> controls;
  for (const std::string& check : checks) controls.push_back("C-" + check);
  sample.framework("f", "F", "1").requirements = {requirement("1", controls, kind)};
  return to_string(
      framework_results(sample.catalog, check_results(sample.catalog, sample.assessment))[0].requirements[0].state);
}

}  // namespace

TEST_CASE("a requirement takes the worst of its controls, and passes only when all of it was seen") {
  struct Row {
    std::vector<std::string> checks;
    Kind kind;
    const char* state;
  };
  const auto row = GENERATE(values<Row>({
      {{"pass"}, Kind::decided, "pass"},
      {{"pass", "fail"}, Kind::decided, "fail"},
      {{"not-assessed", "fail"}, Kind::decided, "fail"},
      {{"not-assessed", "pass"}, Kind::decided, "not-assessed"},
      {{"waived", "pass"}, Kind::decided, "waived"},
      {{"manual", "pass"}, Kind::decided, "manual"},
      {{"not-applicable", "pass"}, Kind::decided, "pass"},
      {{"not-applicable"}, Kind::decided, "not-applicable"},
      {{"nothing"}, Kind::decided, "not-applicable"},
      {{}, Kind::decided, "not-covered"},
      {{"unknown"}, Kind::decided, "not-covered"},
      {{"unknown", "pass"}, Kind::decided, "not-covered"},
      {{"unknown", "fail"}, Kind::decided, "fail"},
      {{"unknown", "not-assessed"}, Kind::decided, "not-assessed"},
      {{"out"}, Kind::decided, "out-of-scope"},
      {{"out", "pass"}, Kind::decided, "out-of-scope"},
      {{"out", "fail"}, Kind::decided, "fail"},
      {{}, Kind::manual, "manual"},
      {{"pass"}, Kind::manual, "manual"},
      {{"not-assessed"}, Kind::manual, "manual"},
      {{"fail"}, Kind::manual, "fail"},
      {{}, Kind::node_only, "node-only"},
      {{"pass"}, Kind::node_only, "node-only"},
      {{"fail"}, Kind::node_only, "fail"},
  }));
  CAPTURE(row.checks);
  CHECK(state_of(row.checks, row.kind) == row.state);
}

TEST_CASE("a framework is scored over its own checks, each counted once") {
  Sample sample = one_check_per_state();
  sample.framework("f", "F", "1").requirements = {requirement("1", {"C-pass", "C-fail"}), requirement("2", {"C-fail"}),
                                                  requirement("3", {})};
  const FrameworkResult result = framework_results(sample.catalog, check_results(sample.catalog, sample.assessment))[0];
  CHECK(*result.score.value == Approx(100.0 * 1 / 7));
  CHECK(result.requirements[0].checks == std::vector<std::uint32_t>{0, 6});
  CHECK(result.count(RequirementState::fail) == 2);
  CHECK(result.count(RequirementState::not_covered) == 1);
}
