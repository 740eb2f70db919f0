// SPDX-License-Identifier: Apache-2.0
#include "evaluate/assemble/tally.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace posture {

namespace {

using Counts = decltype(Tally::count);

bool is_one_kind(const ObjectName& a, const ObjectName& b) {
  return a.ns == b.ns && a.kind == b.kind && a.group == b.group;
}

/// Adds the states of the owners `first` to `last` - 1, by check.
void count(const OwnerStates& states, std::size_t first, std::size_t last, std::vector<Counts>& counts) {
  for (std::size_t owner = first; owner < last; ++owner) {
    const std::span<const std::uint8_t> row = states.of(owner);
    for (std::size_t check = 0; check < row.size(); ++check) {
      if (row[check] != Part::kNone) ++counts[check][row[check]];
    }
  }
}

}  // namespace

void OwnerStates::add(const Part& part, const std::vector<std::uint32_t>& owners) {
  for (std::uint32_t object = 0; object < owners.size(); ++object) {
    if (owners[object] == kNoObject) continue;
    const std::span<const std::uint8_t> added = part.states(object);
    std::uint8_t* stored = &states_[owners[object] * checks_];
    for (std::size_t check = 0; check < checks_; ++check) {
      if (added[check] == Part::kNone) continue;
      stored[check] = stored[check] == Part::kNone ? added[check] : std::max(stored[check], added[check]);
    }
  }
}

std::vector<Tally> tally(const std::vector<ObjectName>& owners, const OwnerStates& states) {
  std::vector<Tally> tallies;
  for (std::size_t first = 0, last = 0; first < owners.size(); first = last) {
    while (last < owners.size() && is_one_kind(owners[last], owners[first])) ++last;
    std::vector<Counts> counts(states.of(first).size());
    count(states, first, last, counts);
    const std::string kind = to_string(KindName{owners[first].group, owners[first].kind});
    for (std::uint32_t check = 0; check < counts.size(); ++check) {
      if (counts[check] != Counts{}) tallies.push_back({check, owners[first].ns, kind, counts[check]});
    }
  }
  std::sort(tallies.begin(), tallies.end(), [](const Tally& a, const Tally& b) {
    return std::tie(a.check, a.ns, a.kind) < std::tie(b.check, b.ns, b.kind);
  });
  return tallies;
}

std::vector<ObjectState> list_passed(std::size_t owners, const OwnerStates& states) {
  std::vector<ObjectState> passed;
  for (std::uint32_t owner = 0; owner < owners; ++owner) {
    const std::span<const std::uint8_t> row = states.of(owner);
    for (std::uint32_t check = 0; check < row.size(); ++check) {
      const auto state = static_cast<State>(row[check]);
      if (state == State::pass || state == State::not_applicable) passed.push_back({check, owner, state});
    }
  }
  std::sort(passed.begin(), passed.end(), [](const ObjectState& a, const ObjectState& b) {
    return std::tie(a.check, a.object) < std::tie(b.check, b.object);
  });
  return passed;
}

}  // namespace posture
