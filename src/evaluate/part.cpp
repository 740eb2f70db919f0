// SPDX-License-Identifier: Apache-2.0
#include "evaluate/part.h"

#include <algorithm>

#include "base/hash.h"

namespace posture {

std::uint32_t Part::object(const ObjectName& name) {
  const auto [place, is_new] = index_.try_emplace(name, static_cast<std::uint32_t>(objects_.size()));
  if (is_new) {
    objects_.push_back(&place->first);
    rows_.push_back(kNoRow);
    chains_.emplace_back();
  }
  return place->second;
}

void Part::record(std::uint32_t object, std::uint32_t check, State state) {
  std::uint32_t& row = rows_[object];
  if (row == kNoRow) {
    row = static_cast<std::uint32_t>(states_.size() / checks_);
    states_.resize(states_.size() + checks_, kNone);
  }
  std::uint8_t& stored = states_[row * checks_ + check];
  const auto added = static_cast<std::uint8_t>(state);
  stored = stored == kNone ? added : std::max(stored, added);
}

std::size_t Part::KeyHash::operator()(const FindingKey& key) const {
  return combined(std::size_t{key.object}, std::size_t{key.check}, std::hash<const void*>()(key.path.data()));
}

std::uint32_t Part::find(const FindingKey& key) const {
  const Chain& chain = chains_[key.object];
  if (chain.count > kFew) {
    const auto known = index_of_many_.find(key);
    return known == index_of_many_.end() ? kNoFinding : known->second;
  }
  std::uint32_t finding = chain.newest;
  while (finding != kNoFinding && findings_[finding].key != key) finding = findings_[finding].older;
  return finding;
}

Finding& Part::add(const FindingKey& key) {
  const auto index = static_cast<std::uint32_t>(findings_.size());
  Chain& chain = chains_[key.object];
  Finding& added = findings_.emplace_back();
  added.key = key;
  added.older = std::exchange(chain.newest, index);
  if (++chain.count == kFew + 1) {
    for (std::uint32_t each = index; each != kNoFinding; each = findings_[each].older) {
      index_of_many_.emplace(findings_[each].key, each);
    }
  } else if (chain.count > kFew) {
    index_of_many_.emplace(key, index);
  }
  return added;
}

std::uint32_t Part::index_of(Witness& witness) {
  if (witness.index == kNoObject) witness.index = object(witness.name);
  return witness.index;
}

Part::Sighting Part::see(const FindingKey& key, State state, Witness& seen_on) {
  const std::uint32_t known = find(key);
  if (known == kNoFinding) {
    const auto index = static_cast<std::uint32_t>(findings_.size());
    Finding& added = add(key);
    added.state = state;
    added.seen_on = index_of(seen_on);
    return {index, &added};
  }
  Finding& finding = findings_[known];
  ++finding.count;
  const bool speaks = state > finding.state || (state == finding.state && seen_on.name < *objects_[finding.seen_on]);
  if (!speaks) return {known, nullptr};
  finding.state = state;
  finding.seen_on = index_of(seen_on);
  return {known, &finding};
}

bool Part::see_again(std::span<const std::uint32_t> findings, const ObjectName& seen_on) {
  const bool is_silent = std::none_of(findings.begin(), findings.end(), [&](std::uint32_t finding) {
    return seen_on < *objects_[findings_[finding].seen_on];
  });
  if (!is_silent) return false;
  for (const std::uint32_t finding : findings) ++findings_[finding].count;
  return true;
}

}  // namespace posture
