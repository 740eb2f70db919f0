// SPDX-License-Identifier: Apache-2.0
// Finds where a JSON object or list ends, 64 bytes at a time, without parsing it: strings, escapes and depth are all it
// knows.
#pragma once

#include <cstddef>
#include <string_view>

namespace posture {

/// Feed the text that follows an opening bracket in any pieces. Brackets of both shapes count alike: whether they match
/// is for the parser to say.
class JsonEndFinder {
 public:
  static constexpr std::size_t kNotYet = static_cast<std::size_t>(-1);

  /// `wide`: with AVX2, which the processor must have.
  explicit JsonEndFinder(bool wide = can_be_wide()) : wide_(wide) {}
  static bool can_be_wide();

  /// Bytes of `text` up to and with the bracket that closes the first one; kNotYet when it is not in there.
  std::size_t find(std::string_view text);

 private:
  template <typename Marks>
  std::size_t take(const Marks& marks);
  std::size_t find_in_blocks(std::string_view text);
  std::size_t find_in_blocks_avx2(std::string_view text);
  std::size_t scan(std::string_view text);

  bool wide_;
  std::size_t depth_ = 1;
  bool in_string_ = false;
  bool escaped_ = false;  // the next byte follows a backslash
};

}  // namespace posture
