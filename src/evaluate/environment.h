// SPDX-License-Identifier: Apache-2.0
// The names a check may use, in a fixed order: object, the standard variables, the facts, then the check's own params and element.
#pragma once

#include <cstddef>

#include "posture/catalog.h"
#include "posture/cel.h"

namespace posture {

/// Indexes of the variables every check has, in declaration order; facts follow, then params, then the element.
enum StandardVariable : std::size_t {
  kObject,
  kPodSpec,
  kPodMetadata,
  kPodSecurityContext,
  kContainers,
  kVolumes,
  kWindows,
  kAllContainers,
  kFirstFact,
};
inline constexpr std::size_t kApiServerFlag = 0;  ///< index of the function apiserver.flag(string)

std::size_t first_param();
std::size_t element_index(const Check& check);
cel::Environment environment(const Check& check);

}  // namespace posture
