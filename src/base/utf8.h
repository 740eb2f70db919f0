// SPDX-License-Identifier: Apache-2.0
// Bytes as characters: is it UTF-8, and which code points.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace posture {

/// Length of the longest prefix of `text` that is valid UTF-8 (no overlong forms, no surrogates); `text.size()` when
/// all is.
std::size_t valid_utf8_prefix(std::string_view text);

bool is_ascii(std::string_view text);

struct Rune {
  std::uint32_t code = 0;  ///< its code point
  std::size_t length = 0;  ///< in bytes; 0 where the text does not begin with valid UTF-8, or is empty
};
/// The first character of `text`.
Rune first_rune(std::string_view text);

}  // namespace posture
