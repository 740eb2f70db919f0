// SPDX-License-Identifier: Apache-2.0
// Outcomes to numbers: the score with its bounds, coverage, and the state of each framework requirement. docs/score.md
// has the reasons.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "posture/catalog.h"
#include "posture/evaluate.h"

namespace posture {

inline constexpr int kScoreFormula = 1;

/// How much a check of this severity weighs in the score: critical 10, high 6, medium 3, low 1, info 0.
double severity_weight(Severity severity);

/// 0–100, higher is better, unrounded. `low` takes everything not assessed as failed, `high` as passed, so low <= value
/// <= high. No value when nothing that weighs was assessed.
struct Score {
  std::optional<double> value;
  double low = 0;
  double high = 100;
  /// Share of the objects in scope that were answered, by check weight (info weighs like low here), 0–1; nullopt
  /// without checks.
  std::optional<double> coverage;
};

/// Objects of one check by state, over all namespaces and kinds, and whether part of its population is unknown (a
/// refused read).
struct CheckResult {
  std::uint32_t check = 0;
  std::uint64_t count[kStates] = {};
  bool population_unknown = false;
  /// The strongest state any object is in; unknown population counts as not assessed; not applicable without objects.
  State state() const;
  std::uint64_t of(State wanted) const { return count[static_cast<std::size_t>(wanted)]; }
};
/// One per check that ran, by check index.
std::vector<CheckResult> check_results(const Catalog& catalog, const Assessment& assessment);

Score score(const Catalog& catalog, const std::vector<CheckResult>& results);
/// Over the objects of one namespace only, by name; "" holds what has no namespace. A refused read over all namespaces
/// widens the bounds of each.
std::vector<std::pair<std::string, Score>> score_by_namespace(const Catalog& catalog, const Assessment& assessment);

/// For each result, how many points the score's value would rise if all that fails there passed.
std::vector<double> points_to_gain(const Catalog& catalog, const std::vector<CheckResult>& results);

enum class RequirementState {
  pass,
  fail,
  not_assessed,
  not_applicable,
  waived,  ///< would fail but for waivers
  manual,
  node_only,
  not_covered,  ///< a control of it is decided by no check, and those that are do not fail
  out_of_scope,  ///< the same, of checks that the scope left out
};
inline constexpr std::size_t kRequirementStates = 9;
const char* to_string(RequirementState state);  ///< "pass", "not-assessed", …

struct RequirementResult {
  const Requirement* requirement = nullptr;
  RequirementState state = RequirementState::not_covered;
  std::vector<std::uint32_t> checks;  ///< those that decide its controls and ran, ascending
};
struct FrameworkResult {
  const Framework* framework = nullptr;
  std::vector<RequirementResult> requirements;
  Score score;  ///< over the checks that decide its requirements
  std::size_t count(RequirementState wanted) const;
};
std::vector<FrameworkResult> framework_results(const Catalog& catalog, const std::vector<CheckResult>& results);

}  // namespace posture
