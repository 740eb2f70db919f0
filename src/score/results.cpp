// SPDX-License-Identifier: Apache-2.0
// Tallies and outcomes of an assessment, gathered per check and per namespace.
#include <algorithm>
#include <map>

#include "posture/score.h"

namespace posture {
namespace {

/// Finds the result of a check among those that ran.
CheckResult* find(std::vector<CheckResult>& results, std::uint32_t check) {
  const auto place =
      std::lower_bound(results.begin(), results.end(), check,
                       [](const CheckResult& result, std::uint32_t wanted) { return result.check < wanted; });
  return place != results.end() && place->check == check ? &*place : nullptr;
}

std::vector<CheckResult> no_results(const Assessment& assessment) {
  std::vector<CheckResult> results(assessment.checks.size());
  for (std::size_t i = 0; i < results.size(); ++i) results[i].check = assessment.checks[i];
  return results;
}

void add(std::vector<CheckResult>& results, const Tally& tally) {
  CheckResult* result = find(results, tally.check);
  if (result == nullptr) return;
  for (std::size_t state = 0; state < kStates; ++state) result->count[state] += tally.count[state];
}

void add_unknown(std::vector<CheckResult>& results, const Outcome& outcome) {
  CheckResult* result = find(results, outcome.check);
  if (result != nullptr) result->population_unknown = true;
}

/// Namespaces that the missing read was tried in one by one, in vain.
std::vector<std::string> unread_namespaces(const Assessment& assessment, const Outcome& outcome) {
  return outcome.gap == kNoObject ? std::vector<std::string>() : assessment.gaps[outcome.gap].unread_in;
}

bool was_read_in(const Assessment& assessment, const Outcome& outcome, const std::string& ns) {
  if (outcome.gap == kNoObject) return false;
  const std::vector<std::string>& read = assessment.gaps[outcome.gap].read_in;
  return std::binary_search(read.begin(), read.end(), ns);
}

bool of_unknown_population(const Outcome& outcome) { return outcome.object == kNoObject; }

}  // namespace

State CheckResult::state() const {
  for (std::size_t state = kStates; state-- > 0;) {
    const State candidate = static_cast<State>(state);
    if (count[state] > 0 || (population_unknown && candidate == State::not_assessed)) return candidate;
  }
  return State::not_applicable;
}

std::vector<CheckResult> check_results(const Catalog&, const Assessment& assessment) {
  std::vector<CheckResult> results = no_results(assessment);
  for (const Tally& tally : assessment.tallies) add(results, tally);
  for (const Outcome& outcome : assessment.outcomes) {
    if (of_unknown_population(outcome)) add_unknown(results, outcome);
  }
  return results;
}

std::vector<std::pair<std::string, Score>> score_by_namespace(const Catalog& catalog, const Assessment& assessment) {
  std::map<std::string, std::vector<CheckResult>, std::less<>> by_namespace;
  const auto results_in = [&](std::string_view ns) -> std::vector<CheckResult>& {
    return by_namespace.try_emplace(std::string(ns), no_results(assessment)).first->second;
  };
  std::vector<const Outcome*> everywhere;
  for (const Tally& tally : assessment.tallies) add(results_in(tally.ns), tally);
  for (const Outcome& outcome : assessment.outcomes) {
    if (!of_unknown_population(outcome)) continue;
    if (outcome.ns.empty())
      everywhere.push_back(&outcome);
    else
      add_unknown(results_in(outcome.ns), outcome);
  }
  for (const Outcome* outcome : everywhere) {
    for (const std::string& ns : unread_namespaces(assessment, *outcome)) results_in(ns);
  }
  for (auto& [ns, results] : by_namespace) {
    for (const Outcome* outcome : everywhere) {
      if (!was_read_in(assessment, *outcome, ns)) add_unknown(results, *outcome);
    }
  }
  std::vector<std::pair<std::string, Score>> scores;
  scores.reserve(by_namespace.size());
  for (const auto& [ns, results] : by_namespace) scores.emplace_back(ns, score(catalog, results));
  return scores;
}

}  // namespace posture
