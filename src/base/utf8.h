// SPDX-License-Identifier: Apache-2.0
// Is it UTF-8, and how to show bytes that nobody vouches for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace posture {

/// Length of the longest prefix of `text` that is valid UTF-8 (no overlong forms, no surrogates); `text.size()` when
/// all is.
std::size_t valid_utf8_prefix(std::string_view text);

/// `text` as one line that is safe on a terminal and in a report: at most `limit` bytes of it (then "…"), control
/// characters (C0, DEL, C1, line and bidirectional controls) as "\u001B", invalid bytes as U+FFFD, white space runs as
/// one space.
std::string printable(std::string_view text, std::size_t limit);

}  // namespace posture
