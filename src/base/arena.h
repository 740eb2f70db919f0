// SPDX-License-Identifier: Apache-2.0
// A bump allocator for trivially destructible data: allocate many, free all at once.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace posture {

/// Not thread-safe. `reset()` keeps the first block for reuse and invalidates everything handed out.
class Arena {
 public:
  explicit Arena(std::size_t block_bytes = 64 * 1024) : block_bytes_(block_bytes) {}

  void* allocate(std::size_t bytes, std::size_t alignment);
  void reset();
  std::size_t bytes_used() const { return used_before_ + offset_; }  ///< since the last reset

  template <typename T>
  T* make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    T* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return first;
  }
  template <typename T>
  T* copy(std::span<const T> values) {
    T* first = static_cast<T*>(allocate(values.size_bytes(), alignof(T)));
    std::uninitialized_copy(values.begin(), values.end(), first);
    return first;
  }
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* bytes = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };
  void add_block(std::size_t least);

  std::size_t block_bytes_;
  std::vector<Block> blocks_;
  std::size_t offset_ = 0;       // into the last block
  std::size_t used_before_ = 0;  // in all blocks but the last
};

}  // namespace posture
