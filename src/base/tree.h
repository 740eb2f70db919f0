// SPDX-License-Identifier: Apache-2.0
// Builds value trees bottom-up: children are collected on a stack and laid out together when their parent closes.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "posture/value.h"

namespace posture {

/// A string node that borrows `text`.
Node text_node(std::string_view text);
Node integer_node(std::int64_t integer);
Node real_node(double real);
Node boolean_node(bool boolean);

/// One of 64 bits for a key; equal keys have the same, few others do.
std::uint64_t bit_of(std::string_view key);

/// Of members with the same key the last stays, in the place of the first; the rest moves up. How many stay.
std::size_t drop_duplicates(std::span<Member> members);

/// open(), then add() each child (the key of a list element is ignored), then close. Nests. Not thread-safe.
class TreeBuilder {
 public:
  explicit TreeBuilder(Arena& arena) : arena_(arena) { pending_.reserve(kFirstPending); }

  std::size_t open() const { return pending_.size(); }
  void add(const Member& child) { pending_.push_back(child); }
  Node close_list(std::size_t first);
  Node close_map(std::size_t first);  ///< without duplicates, as drop_duplicates() says

 private:
  static constexpr std::size_t kFirstPending = 256;

  Arena& arena_;
  std::vector<Member> pending_;
};

}  // namespace posture
