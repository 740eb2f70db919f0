// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"

#include <algorithm>

namespace posture {

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  std::size_t start = (offset_ + alignment - 1) & ~(alignment - 1);
  if (blocks_.empty() || start + bytes > blocks_.back().size) {
    add_block(bytes);
    start = 0;
  }
  offset_ = start + bytes;
  return blocks_.back().bytes.get() + start;
}

void Arena::reset() {
  if (blocks_.size() > 1) blocks_.erase(blocks_.begin() + 1, blocks_.end());
  offset_ = 0;
  used_before_ = 0;
}

void Arena::add_block(std::size_t least) {
  used_before_ += offset_;
  offset_ = 0;
  const std::size_t size = std::max(least, block_bytes_);
  blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
}

}  // namespace posture
