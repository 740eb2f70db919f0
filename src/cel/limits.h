// SPDX-License-Identifier: Apache-2.0
// Every bound of the engine by name. The first four are cel-go's own, so text that passes here passes in Kubernetes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "posture/cel_cost.h"

namespace posture::cel {

inline constexpr std::size_t kMaxSourceCodePoints = 100'000;
inline constexpr int kMaxNesting = 250;               ///< parentheses, arguments, elements within each other
inline constexpr int kMaxHeight = 250;                ///< operators, selects and calls within each other
inline constexpr std::uint64_t kMaxCost = kExpressionCostLimit;  ///< units of one evaluation
inline constexpr std::size_t kMaxNodes = 100'000;     ///< syntax nodes of one expression
inline constexpr std::size_t kMaxMemory = 16u << 20;  ///< bytes one evaluation may allocate
inline constexpr std::size_t kMaxProblems = 20;       ///< compile errors reported for one expression
inline constexpr std::uint32_t kMaxTypeSize = 10'000; ///< parts of one type
inline constexpr std::uint64_t kMaxTypeSteps = 2'000'000;  ///< of unification in one expression
/// Parts of values that one comparison or walk may visit. A value can share parts and so be far larger than its memory.
inline constexpr std::uint64_t kMaxVisits = 10'000'000;

}  // namespace posture::cel
