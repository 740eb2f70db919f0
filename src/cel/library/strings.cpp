// SPDX-License-Identifier: Apache-2.0
// The extended string functions (cel-go's strings, version 2). Indexes count code points.
#include <algorithm>
#include <array>

#include "cel/library/library.h"
#include "cel/value/json_text.h"
#include "cel/value/text.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

Datum out_of_range(Frame& frame, std::int64_t index) {
  return keep_error(frame.memory(), "index out of range: " + std::to_string(index));
}

// Byte offset of a code point index; false if the index lies outside the text.
bool locate(std::string_view text, std::int64_t index, std::size_t& offset) {
  if (index < 0 || static_cast<std::uint64_t>(index) > text.size()) return false;
  offset = byte_offset(text, static_cast<std::size_t>(index));
  return offset != kNone;
}

Datum char_at(Frame& frame, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  std::size_t offset = 0;
  if (!locate(text, int_of(arguments[1]), offset)) return out_of_range(frame, int_of(arguments[1]));
  if (offset == text.size()) return Datum::string({});
  return Datum::string(text.substr(offset, code_point_bytes(text.substr(offset))));
}

Datum code_point_index(std::string_view text, std::size_t offset) {
  return Datum::integer(offset == kNone ? -1 : static_cast<std::int64_t>(count_code_points(text.substr(0, offset))));
}

Datum index_of(Frame& frame, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  const std::string_view part = text_of(arguments[1]);
  const std::int64_t from = arguments.size() > 2 ? int_of(arguments[2]) : 0;
  if (from < 0) return out_of_range(frame, from);
  std::size_t offset = 0;
  if (!locate(text, from, offset)) return part.empty() ? code_point_index(text, text.size()) : Datum::integer(-1);
  return code_point_index(text, text.find(part, offset));
}

Datum last_index_of(Frame& frame, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  const std::string_view part = text_of(arguments[1]);
  if (arguments.size() < 3) return code_point_index(text, text.rfind(part));
  const std::int64_t from = int_of(arguments[2]);
  if (from < 0) return out_of_range(frame, from);
  std::size_t offset = 0;
  const bool inside = locate(text, from, offset);
  if (part.empty()) return inside ? Datum::integer(from) : code_point_index(text, text.size());
  return inside && offset < text.size() ? code_point_index(text, text.rfind(part, offset)) : Datum::integer(-1);
}

template <char first, char last>
Datum shift_case(Frame& frame, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  char* bytes = frame.memory().text(text.size());
  if (bytes == nullptr) return out_of_memory();
  std::transform(text.begin(), text.end(), bytes,
                 [](char c) { return c >= first && c <= last ? static_cast<char>(c ^ 0x20) : c; });
  return Datum::string({bytes, text.size()});
}

bool is_space(std::uint32_t code) {
  return (code >= 9 && code <= 13) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
         code == 0x3000;
}

Datum trim(Frame&, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  std::size_t begin = text.size();
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = at + code_point_bytes(text.substr(at));
    if (!is_space(decode_code_point(text.substr(at)))) {
      begin = std::min(begin, at);
      end = next;
    }
    at = next;
  }
  return Datum::string(begin < end ? text.substr(begin, end - begin) : std::string_view());
}

Datum substring(Frame& frame, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  const std::int64_t start = int_of(arguments[1]);
  std::size_t begin = 0;
  std::size_t end = text.size();
  if (arguments.size() > 2 && start > int_of(arguments[2])) {
    return keep_error(frame.memory(), "invalid substring range. start: " + std::to_string(start) +
                                          ", end: " + std::to_string(int_of(arguments[2])));
  }
  if (!locate(text, start, begin)) return out_of_range(frame, start);
  if (arguments.size() > 2 && !locate(text, int_of(arguments[2]), end))
    return out_of_range(frame, int_of(arguments[2]));
  return Datum::string(text.substr(begin, end - begin));
}

// Calls `visit` with the offsets of up to `limit` occurrences (all if negative) of `part`; an empty part is found before
// every code point and at the end, as in Go.
template <typename Visit>
void each_occurrence(std::string_view text, std::string_view part, std::int64_t limit, Visit visit) {
  std::size_t at = 0;
  for (std::int64_t count = 0; limit < 0 || count < limit; ++count) {
    const std::size_t found = text.find(part, at);
    if (found == kNone) return;
    visit(found);
    at = found + part.size();
    if (!part.empty()) continue;
    if (found >= text.size()) return;
    at += code_point_bytes(text.substr(found));
  }
}

Datum replace(Frame& frame, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  const std::string_view part = text_of(arguments[1]);
  const std::string_view with = text_of(arguments[2]);
  const std::int64_t limit = arguments.size() > 3 ? int_of(arguments[3]) : -1;
  std::size_t count = 0;
  each_occurrence(text, part, limit, [&](std::size_t) { ++count; });
  if (count == 0) return arguments[0];
  const std::size_t size = text.size() - count * part.size() + count * with.size();
  char* bytes = frame.memory().text(size);
  if (bytes == nullptr) return out_of_memory();
  char* out = bytes;
  std::size_t copied = 0;
  each_occurrence(text, part, limit, [&](std::size_t found) {
    out = std::copy(text.begin() + static_cast<std::ptrdiff_t>(copied),
                    text.begin() + static_cast<std::ptrdiff_t>(found), out);
    out = std::copy(with.begin(), with.end(), out);
    copied = found + part.size();
  });
  std::copy(text.begin() + static_cast<std::ptrdiff_t>(copied), text.end(), out);
  return Datum::string({bytes, size});
}

// Cuts before each code point: Go's explode.
Datum split_code_points(Frame& frame, std::string_view text, std::int64_t limit) {
  std::size_t count = count_code_points(text);
  if (limit >= 0) count = std::min(count, static_cast<std::size_t>(limit));
  Datum* parts = frame.memory().array<Datum>(count);
  if (parts == nullptr) return out_of_memory();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t length = i + 1 == count ? text.size() : code_point_bytes(text);
    parts[i] = Datum::string(text.substr(0, length));
    text.remove_prefix(length);
  }
  return make_list(parts, count);
}

Datum split(Frame& frame, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  const std::string_view separator = text_of(arguments[1]);
  const std::int64_t limit = arguments.size() > 2 ? int_of(arguments[2]) : -1;
  if (limit == 0) return make_list(nullptr, 0);
  if (separator.empty()) return split_code_points(frame, text, limit);
  const std::int64_t cuts = limit < 0 ? -1 : limit - 1;
  std::size_t count = 1;
  each_occurrence(text, separator, cuts, [&](std::size_t) { ++count; });
  Datum* parts = frame.memory().array<Datum>(count);
  if (parts == nullptr) return out_of_memory();
  std::size_t at = 0;
  std::size_t n = 0;
  each_occurrence(text, separator, cuts, [&](std::size_t found) {
    parts[n++] = Datum::string(text.substr(at, found - at));
    at = found + separator.size();
  });
  parts[n] = Datum::string(text.substr(at));
  return make_list(parts, count);
}

Datum join(Frame& frame, Arguments arguments) {
  const std::string_view separator = arguments.size() > 1 ? text_of(arguments[1]) : std::string_view();
  const std::size_t count = list_size(arguments[0]);
  std::size_t size = count > 0 ? (count - 1) * separator.size() : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Datum item = list_at(arguments[0], i);
    if (!is(item, Tag::string)) return keep_error(frame.memory(), "join: invalid input: " + display(item));
    size += item.payload.size;
  }
  char* bytes = frame.memory().text(size);
  if (bytes == nullptr) return out_of_memory();
  char* out = bytes;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out = std::copy(separator.begin(), separator.end(), out);
    const Datum item = list_at(arguments[0], i);
    out = std::copy(text_of(item).begin(), text_of(item).end(), out);
  }
  return Datum::string({bytes, size});
}

Datum quote(Frame& frame, Arguments arguments) {
  static constexpr std::string_view kSpecial = "\a\b\f\n\r\t\v\\\"";
  static constexpr std::string_view kLetters = "abfnrtv\\\"";
  std::string quoted = "\"";
  for (const char c : text_of(arguments[0])) {
    const std::size_t special = kSpecial.find(c);
    if (special != kNone) quoted += '\\';
    quoted += special != kNone ? kLetters[special] : c;
  }
  quoted += '"';
  return keep_string(frame.memory(), quoted);
}

constexpr CostRule kReplace = cost::by_name(cost::walk_twice_units<0>, cost::replace_estimate);
constexpr CostRule kSplit = cost::by_name(cost::walk_twice_units<0>, cost::split_estimate);
constexpr CostRule kJoin = cost::by_name(cost::join_units, cost::join_estimate);
constexpr CostRule kQuote = cost::by_overload(cost::walk_units<0>, cost::quote_estimate);

constexpr std::array kStringOverloads = std::to_array<Overload>({
    {"charAt", "string.(int) -> string", char_at},
    {"indexOf", "string.(string) -> int", index_of, cost::kDeep},
    {"indexOf", "string.(string, int) -> int", index_of, cost::kDeep},
    {"lastIndexOf", "string.(string) -> int", last_index_of, cost::kDeep},
    {"lastIndexOf", "string.(string, int) -> int", last_index_of, cost::kDeep},
    {"lowerAscii", "string.() -> string", shift_case<'A', 'Z'>, cost::kTransform},
    {"upperAscii", "string.() -> string", shift_case<'a', 'z'>, cost::kTransform},
    {"replace", "string.(string, string) -> string", replace, kReplace},
    {"replace", "string.(string, string, int) -> string", replace, kReplace},
    {"split", "string.(string) -> list(string)", split, kSplit},
    {"split", "string.(string, int) -> list(string)", split, kSplit},
    {"substring", "string.(int) -> string", substring, cost::kTransform},
    {"substring", "string.(int, int) -> string", substring, cost::kTransform},
    {"trim", "string.() -> string", trim, cost::kTransform},
    {"join", "list(string).() -> string", join, kJoin},
    {"join", "list(string).(string) -> string", join, kJoin},
    {"strings.quote", "(string) -> string", quote, kQuote, 30},
});

}  // namespace

std::span<const Overload> string_library() { return kStringOverloads; }

}  // namespace posture::cel
