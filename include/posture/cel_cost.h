// SPDX-License-Identifier: Apache-2.0
// What an expression costs in units of the API server, and what it may cost there. Evaluating counts the same units
// (Program::evaluate); the estimate needs no object.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "posture/cel.h"

namespace posture::cel {

/// The API server's own limits (k8s.io/apiserver/pkg/apis/cel). A million units take it roughly a tenth of a second.
inline constexpr std::uint64_t kExpressionCostLimit = 1'000'000;  ///< of evaluating one expression once
inline constexpr std::uint64_t kPolicyCostBudget =
    10'000'000;  ///< of all expressions of a policy, for one object and binding

/// What the API server's compiler expects one evaluation to cost, whatever the data. Both saturate; where nothing bounds the size of
/// a value, as with fields of `object`, `most` is astronomical.
struct CostEstimate {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  friend bool operator==(const CostEstimate&, const CostEstimate&) = default;
};
/// None of a text that does not compile.
std::optional<CostEstimate> estimate_cost(const Environment& environment, std::string_view source);

}  // namespace posture::cel
