// SPDX-License-Identifier: Apache-2.0
// The names a check may use, in a fixed order: object, the standard variables, the facts, then the check's own params and element.
#pragma once

#include <cstddef>

#include "posture/catalog.h"
#include "posture/cel.h"

namespace posture {

/// Indexes of the variables every check has, in declaration order; facts follow, then params, then the element.
inline constexpr std::size_t kObject = 0;
inline constexpr std::size_t kPodSpec = 1;
inline constexpr std::size_t kPodMetadata = 2;
inline constexpr std::size_t kPodSecurityContext = 3;
inline constexpr std::size_t kContainers = 4;
inline constexpr std::size_t kVolumes = 5;
inline constexpr std::size_t kWindows = 6;
inline constexpr std::size_t kAllContainers = 7;
inline constexpr std::size_t kAuthorizer = 8;
inline constexpr std::size_t kRequestResource = 9;
inline constexpr std::size_t kFirstFact = 10;

std::size_t first_param();
std::size_t element_index(const Check& check);
cel::Environment environment(const Check& check);

}  // namespace posture
