// SPDX-License-Identifier: Apache-2.0
// How many objects ended in which state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "evaluate/assemble/owner_names.h"

namespace posture {

/// The worst state of each check on each owner.
class OwnerStates {
 public:
  /// `checks`: those in the catalogue.
  OwnerStates(std::size_t owners, std::size_t checks) : checks_(checks), states_(owners * checks, Part::kNone) {}

  void add(const Part& part,
           const std::vector<std::uint32_t>& owners);  ///< by object of the part, as in OwnerNames::of
  /// By check: a State, or Part::kNone.
  std::span<const std::uint8_t> of(std::size_t owner) const { return {&states_[owner * checks_], checks_}; }

 private:
  std::size_t checks_;
  std::vector<std::uint8_t> states_;  // owners × checks
};

/// Sorted by check, namespace and kind.
std::vector<Tally> tally(const std::vector<ObjectName>& owners, const OwnerStates& states);

/// Every pass and every check that does not apply, sorted by check and object.
std::vector<ObjectState> list_passed(std::size_t owners, const OwnerStates& states);

}  // namespace posture
