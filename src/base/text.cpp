// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include "base/utf8.h"

namespace posture {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Whether one of the ascending `ranges` holds `code`.
template <std::size_t size>
bool holds(const Range (&ranges)[size], std::uint32_t code) {
  const Range* place = std::lower_bound(std::begin(ranges), std::end(ranges), code,
                                        [](const Range& range, std::uint32_t wanted) { return range.last < wanted; });
  return place != std::end(ranges) && place->first <= code;
}

constexpr Range kUnsafe[] = {{0x0, 0x1f},      {0x7f, 0x9f},     {0xad, 0xad},      {0x61c, 0x61c},   {0x115f, 0x1160},
                             {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},  {0x2060, 0x206f}, {0x3164, 0x3164},
                             {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};

/// Combining marks and variation selectors (the common blocks).
constexpr Range kZeroWidth[] = {
    {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},   {0x900, 0x902},
    {0x93c, 0x93c},   {0x941, 0x948},   {0x94d, 0x94d},   {0xe31, 0xe31},   {0xe34, 0xe3a},   {0xe47, 0xe4e},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef}};

/// East Asian wide and full-width characters and emoji (Unicode's EastAsianWidth W and F, by block).
constexpr Range kWide[] = {
    {0x1100, 0x115e},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x25fd, 0x25fe},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26a1, 0x26a1},   {0x26d4, 0x26d4},   {0x2705, 0x2705},   {0x274c, 0x274c},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2e80, 0x303e},   {0x3041, 0x3247},   {0x3250, 0x4dbf},
    {0x4e00, 0xa4cf},   {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18dff}, {0x1b000, 0x1b2ff}, {0x1f004, 0x1f004},
    {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f7e0, 0x1f7eb}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}};

bool is_space(std::uint32_t code) { return code == ' ' || (code >= '\t' && code <= '\r'); }

std::size_t bytes_of(const Rune& rune) { return std::max<std::size_t>(rune.length, 1); }

std::size_t width_of(std::uint32_t code) {
  if (code < 0x300) return 1;
  if (holds(kZeroWidth, code)) return 0;
  return holds(kWide, code) ? 2 : 1;
}

void append_unit(std::uint32_t unit, std::string& out) {
  std::array<char, 8> escape;
  std::snprintf(escape.data(), escape.size(), "\\u%04X", unit & 0xffff);
  out += escape.data();
}

void append_escape(std::uint32_t code, std::string& out) {
  if (code < 0x10000) return append_unit(code, out);
  append_unit(0xd7c0 + (code >> 10), out);
  append_unit(0xdc00 + (code & 0x3ff), out);
}

/// Bytes at the start of `text` that take at most `width` columns, combining marks included.
std::size_t prefix_within(std::string_view text, std::size_t width) {
  if (text.size() <= width || is_ascii(text.substr(0, width + 1))) return std::min(text.size(), width);
  std::size_t at = 0;
  while (at < text.size()) {
    const Rune rune = first_rune(text.substr(at));
    const std::size_t columns = width_of(rune.code);
    if (columns > width) break;
    width -= columns;
    at += bytes_of(rune);
  }
  return at;
}

/// Where the longest end of `text` begins that takes at most `width` columns and does not begin with a combining mark.
std::size_t suffix_within(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  for (std::size_t rest = display_width(text); at < text.size();) {
    const Rune rune = first_rune(text.substr(at));
    if (rest <= width && width_of(rune.code) > 0) break;
    rest -= width_of(rune.code);
    at += bytes_of(rune);
  }
  return at;
}

/// Length of the next line of `text`: up to the last space that fits, else as much of the word as does, at least a
/// character.
std::size_t line_within(std::string_view text, std::size_t width) {
  const std::size_t fits = prefix_within(text, width);
  if (fits == text.size()) return fits;
  const std::size_t space = text.substr(0, fits + 1).rfind(' ');
  if (space != std::string_view::npos && space > 0) return space;
  return fits > 0 ? fits : bytes_of(first_rune(text));
}

}  // namespace

bool is_printable_ascii(std::string_view text) {
  unsigned others = 0;  // a sum and no search: several letters at a time
  for (const char letter : text) others += letter < 0x20 || letter >= 0x7f ? 1U : 0U;
  return others == 0;
}

void append_escaped(std::string_view text, std::string& out) {
  if (is_printable_ascii(text)) {
    out += text;
    return;
  }
  while (!text.empty()) {
    std::string_view valid = text.substr(0, valid_utf8_prefix(text));
    text.remove_prefix(valid.size());
    while (!valid.empty()) {
      const Rune rune = first_rune(valid);
      if (holds(kUnsafe, rune.code))
        append_escape(rune.code, out);
      else
        out += valid.substr(0, rune.length);
      valid.remove_prefix(rune.length);
    }
    if (text.empty()) break;
    out += kReplacement;
    text.remove_prefix(1);
  }
}

std::string escape_controls(std::string_view text) {
  std::string out;
  append_escaped(text, out);
  return out;
}

std::string escape_lines(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t end = text.find('\n');
    out += escape_controls(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out.push_back('\n');
    text.remove_prefix(end + 1);
  }
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size() && at < limit) {
    const Rune rune = first_rune(text.substr(at));
    if (rune.length == 0) {
      out += kReplacement;
    } else if (is_space(rune.code)) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (holds(kUnsafe, rune.code)) {
      append_escape(rune.code, out);
    } else {
      out += text.substr(at, rune.length);
    }
    at += bytes_of(rune);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return at < text.size() ? out + "…" : out;
}

std::size_t display_width(std::string_view text) {
  if (is_ascii(text)) return text.size();
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Rune rune = first_rune(text.substr(at));
    width += width_of(rune.code);
    at += bytes_of(rune);
  }
  return width;
}

std::string shorten_middle(std::string_view text, std::size_t width, std::string_view mark) {
  if (display_width(text) <= width) return std::string(text);
  const std::size_t mark_width = display_width(mark);
  if (width <= mark_width) return shorten_end(text, width, "");
  const std::size_t rest = width - mark_width;
  std::string out(text.substr(0, prefix_within(text, rest - rest / 2)));
  out += mark;
  out += text.substr(suffix_within(text, rest / 2));
  return out;
}

std::string shorten_end(std::string_view text, std::size_t width, std::string_view mark) {
  if (display_width(text) <= width) return std::string(text);
  const std::size_t mark_width = std::min(display_width(mark), width);
  std::string out(text.substr(0, prefix_within(text, width - mark_width)));
  return out += mark.substr(0, prefix_within(mark, mark_width));
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  do {
    const std::size_t length = line_within(text, std::max<std::size_t>(width, 1));
    lines.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  } while (!text.empty());
  return lines;
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  std::string out(text);
  return taken < width ? out.append(width - taken, ' ') : out;
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(taken < width ? width - taken : 0, ' ').append(text);
}

std::string with_separators(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string plural(std::uint64_t number, std::string_view noun) {
  std::string out = with_separators(number) + ' ';
  out += noun;
  return number == 1 ? out : out + 's';
}

}  // namespace posture
