// SPDX-License-Identifier: Apache-2.0
// What a framework asks, answered by the results of the checks that decide its controls.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "posture/score.h"

namespace posture {
namespace {

/// Results of the checks that ran, and which controls have a check at all.
struct Answers {
  std::map<std::string_view, std::vector<const CheckResult*>> by_control;
  std::set<std::string_view> covered;
};

Answers gather(const Catalog& catalog, const std::vector<CheckResult>& results) {
  Answers answers;
  for (const Check& check : catalog.checks) answers.covered.insert(check.control);
  for (const CheckResult& result : results) {
    answers.by_control[catalog.checks[result.check].control].push_back(&result);
  }
  return answers;
}

/// All that bears on one requirement.
struct Evidence {
  std::vector<const CheckResult*> results;
  bool has_uncovered = false;     ///< a control without any check
  bool has_out_of_scope = false;  ///< a control whose checks did not run
  State strongest = State::not_applicable;
};

Evidence evidence_for(const Requirement& requirement, const Answers& answers) {
  Evidence evidence;
  evidence.has_uncovered = requirement.controls.empty();
  for (const std::string& control : requirement.controls) {
    const auto found = answers.by_control.find(control);
    if (found == answers.by_control.end()) {
      (answers.covered.contains(control) ? evidence.has_out_of_scope : evidence.has_uncovered) = true;
      continue;
    }
    for (const CheckResult* result : found->second) {
      evidence.results.push_back(result);
      evidence.strongest = std::max(evidence.strongest, result->state());
    }
  }
  return evidence;
}

RequirementState requirement_state(State state) {
  static constexpr std::array<RequirementState, kStates> kStateOf = {
      RequirementState::not_applicable, RequirementState::pass,         RequirementState::manual,
      RequirementState::waived,         RequirementState::not_assessed, RequirementState::fail};
  return kStateOf[static_cast<std::size_t>(state)];
}

/// Checks can show that a requirement is broken; that it is met only when they cover all of it and nobody must look by
/// hand.
RequirementState decide(const Requirement& requirement, const Evidence& evidence) {
  if (evidence.strongest == State::fail) return RequirementState::fail;
  if (requirement.kind == RequirementKind::manual) return RequirementState::manual;
  if (requirement.kind == RequirementKind::node_only) return RequirementState::node_only;
  if (evidence.strongest >= State::waived) return requirement_state(evidence.strongest);
  if (evidence.has_uncovered) return RequirementState::not_covered;
  if (evidence.has_out_of_scope) return RequirementState::out_of_scope;
  return requirement_state(evidence.strongest);
}

RequirementResult answer(const Requirement& requirement, const Evidence& evidence) {
  RequirementResult result;
  result.requirement = &requirement;
  result.state = decide(requirement, evidence);
  result.checks.reserve(evidence.results.size());
  for (const CheckResult* each : evidence.results) result.checks.push_back(each->check);
  std::sort(result.checks.begin(), result.checks.end());
  result.checks.erase(std::unique(result.checks.begin(), result.checks.end()), result.checks.end());
  return result;
}

Score score_of(const Catalog& catalog, const std::map<std::uint32_t, const CheckResult*>& asked) {
  std::vector<CheckResult> results;
  results.reserve(asked.size());
  for (const auto& [check, result] : asked) results.push_back(*result);
  return score(catalog, results);
}

FrameworkResult answer(const Catalog& catalog, const Framework& framework, const Answers& answers) {
  FrameworkResult result;
  result.framework = &framework;
  std::map<std::uint32_t, const CheckResult*> asked;
  for (const Requirement& requirement : framework.requirements) {
    const Evidence evidence = evidence_for(requirement, answers);
    for (const CheckResult* each : evidence.results) asked.emplace(each->check, each);
    result.requirements.push_back(answer(requirement, evidence));
  }
  result.score = score_of(catalog, asked);
  return result;
}

}  // namespace

const char* to_string(RequirementState state) {
  static constexpr std::array<const char*, kRequirementStates> kNames = {
      "pass", "fail", "not-assessed", "not-applicable", "waived", "manual", "node-only", "not-covered", "out-of-scope"};
  return kNames[static_cast<std::size_t>(state)];
}

std::size_t FrameworkResult::count(RequirementState wanted) const {
  return static_cast<std::size_t>(std::count_if(requirements.begin(), requirements.end(),
                                                [&](const RequirementResult& each) { return each.state == wanted; }));
}

std::vector<FrameworkResult> framework_results(const Catalog& catalog, const std::vector<CheckResult>& results) {
  const Answers answers = gather(catalog, results);
  std::vector<FrameworkResult> frameworks;
  frameworks.reserve(catalog.frameworks.size());
  for (const Framework& framework : catalog.frameworks) frameworks.push_back(answer(catalog, framework, answers));
  return frameworks;
}

}  // namespace posture
