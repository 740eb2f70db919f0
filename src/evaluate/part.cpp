// SPDX-License-Identifier: Apache-2.0
#include "evaluate/part.h"

#include <algorithm>

namespace posture {

std::uint32_t Part::object(ObjectName name) {
  const auto [place, is_new] = index_.try_emplace(std::move(name), static_cast<std::uint32_t>(objects_.size()));
  if (is_new) {
    objects_.push_back(place->first);
    states_.resize(states_.size() + checks_, kNone);
  }
  return place->second;
}

void Part::record(std::uint32_t object, std::uint32_t check, State state) {
  std::uint8_t& stored = states_[object * checks_ + check];
  const auto added = static_cast<std::uint8_t>(state);
  stored = stored == kNone ? added : std::max(stored, added);
}

std::optional<State> Part::state(std::uint32_t object, std::uint32_t check) const {
  const std::uint8_t stored = states_[object * checks_ + check];
  return stored == kNone ? std::nullopt : std::optional<State>(static_cast<State>(stored));
}

void Part::add(Finding finding) {
  const std::string key = std::to_string(finding.object) + '/' + std::to_string(finding.check) + '/' + finding.path;
  const auto [place, is_new] = finding_index_.try_emplace(key, findings_.size());
  if (is_new) {
    findings_.push_back(std::move(finding));
    return;
  }
  Finding& known = findings_[place->second];
  finding.count += known.count;
  const bool better = finding.state > known.state ||
                      (finding.state == known.state && objects_[finding.seen_on] < objects_[known.seen_on]);
  if (better) {
    known = std::move(finding);
  } else {
    known.count = finding.count;
  }
}

}  // namespace posture
