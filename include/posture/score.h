// SPDX-License-Identifier: Apache-2.0
// Outcomes to numbers: the score with its bounds, coverage, and the state of each framework requirement. docs/score.md has the reasons.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "posture/catalog.h"
#include "posture/evaluate.h"

namespace posture {

inline constexpr int kScoreFormula = 1;

/// 0–100, higher is better. `low` takes everything not assessed as failed, `high` as passed. No value when nothing was assessed.
struct Score {
  std::optional<double> value;
  double low = 0;
  double high = 100;
  /// Share of what the checks in scope ask that was answered, by severity weight, 0–1; nullopt when nothing was asked.
  std::optional<double> coverage;
};

/// Objects of one check by state, over all namespaces and kinds, and whether part of its population is unknown (a refused read).
struct CheckResult {
  std::uint32_t check = 0;
  std::uint64_t count[kStates] = {};
  bool population_unknown = false;
  State state() const;  ///< fail, else not assessed, else pass if one passed, else not applicable
};
std::vector<CheckResult> check_results(const Catalog& catalog, const Assessment& assessment);

Score score(const Catalog& catalog, const std::vector<CheckResult>& results);
/// Over the objects of one namespace only.
std::vector<std::pair<std::string, Score>> score_by_namespace(const Catalog& catalog, const Assessment& assessment);

enum class RequirementState { pass, fail, not_assessed, not_applicable, manual, node_only, not_covered, out_of_scope };
const char* to_string(RequirementState state);

struct RequirementResult {
  const Requirement* requirement = nullptr;
  RequirementState state = RequirementState::not_covered;
  std::vector<std::uint32_t> checks;  ///< those that decide its controls
};
struct FrameworkResult {
  const Framework* framework = nullptr;
  std::vector<RequirementResult> requirements;
  Score score;  ///< over the checks that decide its requirements
};
std::vector<FrameworkResult> framework_results(const Catalog& catalog, const std::vector<CheckResult>& results);

}  // namespace posture
