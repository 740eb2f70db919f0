// SPDX-License-Identifier: Apache-2.0
// Keys of big JSON maps by hash, for those that one evaluation asks often: members are a row, and a loop over a row of rows is slow.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "posture/value.h"

namespace posture::cel {

inline constexpr std::uint32_t kIndexedMembers = 64;  ///< a map has that many before anything is kept of it

class MapIndex {
 public:
  /// The member `key` of `map`, or nullptr. The map must not change before clear().
  const Member* find(const Node& map, std::string_view key);
  void clear() {
    if (!maps_.empty()) maps_.clear();
  }

 private:
  struct Asked {
    std::uint32_t times = 0;
    std::unordered_map<std::string_view, const Member*> members;
  };
  std::unordered_map<const Member*, Asked> maps_;  // by their first member
};

/// The same by a walk over the members.
const Member* find_member(const Node& map, std::string_view key);

}  // namespace posture::cel
