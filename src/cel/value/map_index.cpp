// SPDX-License-Identifier: Apache-2.0
#include "cel/value/map_index.h"

namespace posture::cel {
namespace {

constexpr std::uint32_t kWalks = 8;  // of one map before it is worth an index

}  // namespace

const Member* find_member(const Node& map, std::string_view key) {
  const Member* const end = map.members + map.size;
  for (const Member* member = map.members; member != end; ++member) {
    if (member->key == key) return member;
  }
  return nullptr;
}

const Member* MapIndex::find(const Node& map, std::string_view key) {
  if (map.size < kIndexedMembers) return find_member(map, key);
  Asked& asked = maps_[map.members];
  if (asked.times < kWalks) {
    ++asked.times;
    return find_member(map, key);
  }
  if (asked.members.empty()) {
    asked.members.reserve(map.size);
    for (std::uint32_t i = 0; i < map.size; ++i) asked.members.try_emplace(map.members[i].key, map.members + i);
  }
  const auto found = asked.members.find(key);
  return found == asked.members.end() ? nullptr : found->second;
}

}  // namespace posture::cel
