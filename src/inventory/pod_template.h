// SPDX-License-Identifier: Apache-2.0
// Where each workload kind keeps its pod template: the one table.
#pragma once

#include <span>
#include <string_view>

namespace posture {

struct WorkloadKind {
  std::string_view group;
  std::string_view kind;
  std::string_view pointer;                 ///< JSON pointer of the template; "" is the object itself
  std::span<const std::string_view> steps;  ///< the same as member names
};
/// By kind alone (what a template may hide is the same in every group), nullptr for kinds without one.
const WorkloadKind* workload_kind(std::string_view kind);

}  // namespace posture
