// SPDX-License-Identifier: Apache-2.0
// Foreign text on a screen: made harmless, measured in columns, shortened, wrapped and padded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posture {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_printable_ascii(std::string_view text);

/// `text` without anything that moves a cursor, hides or reorders: controls (C0, DEL, C1), line separators,
/// bidirectional controls, invisible spaces and tags become "\u001B" (beyond U+FFFF a surrogate pair, as JSON has it);
/// bytes that are not UTF-8 become U+FFFD. Line feeds and tabs are controls too. Escaping twice changes nothing.
std::string escape_controls(std::string_view text);
void append_escaped(std::string_view text, std::string& out);  ///< the same, behind what `out` has

/// The same for each line of `text`; the line breaks stay. For our own texts of several lines, such as a mistake above its caret.
std::string escape_lines(std::string_view text);

inline constexpr std::size_t kMaxShownBytes = 200;  ///< of a foreign name or path in a message

/// `text` as one line that is safe on a terminal and in a report: at most `limit` bytes of it (then "…"), escaped as above, white
/// space runs as one space.
std::string printable(std::string_view text, std::size_t limit = kMaxShownBytes);

/// Terminal columns that escaped text takes: 0 for combining marks, 2 for East Asian wide characters and emoji, else 1.
std::size_t display_width(std::string_view text);

/// `text` in at most `width` columns: when it is longer, its middle (its end) gives way to `mark`. Never cuts a
/// character.
std::string shorten_middle(std::string_view text, std::size_t width, std::string_view mark = "…");
std::string shorten_end(std::string_view text, std::size_t width, std::string_view mark = "…");

/// Lines of at most `width` columns, broken at spaces, or anywhere in a word that is longer than a line. At least one
/// line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

std::string pad_right(std::string_view text, std::size_t width);  ///< spaces after it; text that is wider stays
std::string pad_left(std::string_view text, std::size_t width);  ///< spaces before it

std::string with_separators(std::uint64_t number);  ///< 3,412
std::string plural(std::uint64_t number, std::string_view noun);  ///< "1 object", "3,412 objects"

}  // namespace posture
