// SPDX-License-Identifier: Apache-2.0
// UTF-8 by code points, and text built in a Scratch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cel/value/values.h"

namespace posture::cel {

inline constexpr std::size_t kNone = std::string_view::npos;  ///< what a search finds where there is nothing

bool is_utf8(std::string_view text);
/// False for surrogates and values beyond Unicode; nothing is appended then.
bool append_utf8(std::uint32_t code_point, std::string& out);

/// Functions below: precondition valid UTF-8 (anything else is counted byte by byte at worst, never read out of bounds).
std::size_t count_code_points(std::string_view text);
/// Bytes of the code point that begins at `text[0]`; precondition: not empty.
std::size_t code_point_bytes(std::string_view text);
std::uint32_t decode_code_point(std::string_view text);
/// Byte offset of the `index`-th code point; the size of `text` when index equals their number, npos beyond.
std::size_t byte_offset(std::string_view text, std::size_t index);

/// A string of this evaluation: a copy of `text` in the scratch memory, or an error beyond its limit.
Datum keep_string(Memory& memory, std::string_view text);
Datum keep_bytes(Memory& memory, std::string_view text);
Datum keep_error(Memory& memory, std::string_view message);

}  // namespace posture::cel
