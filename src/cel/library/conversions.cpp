// SPDX-License-Identifier: Apache-2.0
// Conversions between types: int(), uint(), double(), string(), bytes(), bool(), timestamp(), duration(), type(), dyn().
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "cel/library/library.h"
#include "cel/value/json_text.h"
#include "cel/value/time_values.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

Datum conversion_error(Frame& frame, const Datum& from, TypeKind to) {
  return keep_error(frame.memory(), "type conversion error from '" + std::string(type_name(from)) + "' to '" +
                                        std::string(type_name(to)) + "'");
}

Datum same(Frame&, Arguments arguments) { return arguments[0]; }
Datum type_of(Frame&, Arguments arguments) { return make_tagged(Tag::type, type_name(arguments[0])); }

// Go's strconv: an optional sign, then digits, all of the text.
template <typename T>
bool parse_number(std::string_view text, T& value) {
  if (text.starts_with('+') && std::is_signed_v<T>) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

Datum int_from_double(Frame&, Arguments arguments) {
  const double value = real_of(arguments[0]);
  if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0)) return Datum::error("integer overflow");
  return Datum::integer(static_cast<std::int64_t>(value));
}

Datum int_from_uint(Frame&, Arguments arguments) {
  if (uint_of(arguments[0]) > INT64_MAX) return Datum::error("integer overflow");
  return Datum::integer(int_of(arguments[0]));
}

Datum int_from_string(Frame& frame, Arguments arguments) {
  std::int64_t value = 0;
  return parse_number(text_of(arguments[0]), value) ? Datum::integer(value)
                                                    : conversion_error(frame, arguments[0], TypeKind::integer);
}

Datum int_from_time(Frame&, Arguments arguments) { return Datum::integer(int_of(arguments[0])); }

Datum uint_from_double(Frame&, Arguments arguments) {
  const double value = real_of(arguments[0]);
  if (!(value >= 0 && value < 18446744073709551616.0)) return Datum::error("unsigned integer overflow");
  return Datum::uinteger(static_cast<std::uint64_t>(value));
}

Datum uint_from_int(Frame&, Arguments arguments) {
  if (int_of(arguments[0]) < 0) return Datum::error("unsigned integer overflow");
  return Datum::uinteger(uint_of(arguments[0]));
}

Datum uint_from_string(Frame& frame, Arguments arguments) {
  std::uint64_t value = 0;
  return parse_number(text_of(arguments[0]), value) ? Datum::uinteger(value)
                                                    : conversion_error(frame, arguments[0], TypeKind::uinteger);
}

Datum double_from_int(Frame&, Arguments arguments) { return Datum::real(static_cast<double>(int_of(arguments[0]))); }
Datum double_from_uint(Frame&, Arguments arguments) { return Datum::real(static_cast<double>(uint_of(arguments[0]))); }

Datum double_from_string(Frame& frame, Arguments arguments) {
  double value = 0;
  return parse_go_real(text_of(arguments[0]), value) ? Datum::real(value)
                                                     : conversion_error(frame, arguments[0], TypeKind::real);
}

Datum to_text(Frame& frame, Arguments arguments) { return keep_string(frame.memory(), display(arguments[0])); }

Datum string_from_bytes(Frame&, Arguments arguments) {
  if (!is_utf8(text_of(arguments[0]))) return Datum::error("invalid UTF-8 in bytes, cannot convert to string");
  return make_tagged(Tag::string, text_of(arguments[0]));
}

Datum bytes_from_string(Frame&, Arguments arguments) { return make_tagged(Tag::bytes, text_of(arguments[0])); }

Datum bool_from_string(Frame& frame, Arguments arguments) {
  static constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
  static constexpr std::array<std::string_view, 6> kFalse = {"0", "f", "F", "FALSE", "false", "False"};
  const std::string_view text = text_of(arguments[0]);
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return Datum::boolean(true);
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return Datum::boolean(false);
  return conversion_error(frame, arguments[0], TypeKind::boolean);
}

Datum in_range(const Datum& timestamp) {
  const bool fits = int_of(timestamp) >= kMinSeconds && int_of(timestamp) <= kMaxSeconds;
  return fits ? timestamp : Datum::error("timestamp overflow");
}

Datum timestamp_from_int(Frame&, Arguments arguments) { return in_range(make_timestamp(int_of(arguments[0]), 0)); }

Datum timestamp_from_string(Frame& frame, Arguments arguments) {
  Datum value{};
  if (parse_timestamp(text_of(arguments[0]), value)) return in_range(value);
  return conversion_error(frame, arguments[0], TypeKind::timestamp);
}

Datum duration_from_string(Frame& frame, Arguments arguments) {
  std::int64_t value = 0;
  return parse_duration(text_of(arguments[0]), value) ? make_duration(value)
                                                      : conversion_error(frame, arguments[0], TypeKind::duration);
}

constexpr CostRule kToBytes = cost::by_overload(cost::walk_units<0>, cost::to_bytes_estimate);
constexpr CostRule kToString = cost::by_overload(cost::walk_units<0>, cost::to_string_estimate);

constexpr std::array kConversionOverloads = std::to_array<Overload>({
    {"type", "(A) -> type(A)", type_of},
    {"dyn", "(A) -> dyn", same},
    {"bool", "(bool) -> bool", same},
    {"bool", "(string) -> bool", bool_from_string},
    {"bytes", "(bytes) -> bytes", same},
    {"bytes", "(string) -> bytes", bytes_from_string, kToBytes},
    {"double", "(double) -> double", same},
    {"double", "(int) -> double", double_from_int},
    {"double", "(string) -> double", double_from_string},
    {"double", "(uint) -> double", double_from_uint},
    {"duration", "(duration) -> duration", same},
    {"duration", "(string) -> duration", duration_from_string},
    {"int", "(int) -> int", same},
    {"int", "(double) -> int", int_from_double},
    {"int", "(duration) -> int", int_from_time},
    {"int", "(string) -> int", int_from_string},
    {"int", "(timestamp) -> int", int_from_time},
    {"int", "(uint) -> int", int_from_uint},
    {"string", "(string) -> string", same},
    {"string", "(bool) -> string", to_text},
    {"string", "(bytes) -> string", string_from_bytes, kToString},
    {"string", "(double) -> string", to_text},
    {"string", "(duration) -> string", to_text},
    {"string", "(int) -> string", to_text},
    {"string", "(timestamp) -> string", to_text},
    {"string", "(uint) -> string", to_text},
    {"timestamp", "(timestamp) -> timestamp", same},
    {"timestamp", "(int) -> timestamp", timestamp_from_int},
    {"timestamp", "(string) -> timestamp", timestamp_from_string},
    {"uint", "(uint) -> uint", same},
    {"uint", "(double) -> uint", uint_from_double},
    {"uint", "(int) -> uint", uint_from_int},
    {"uint", "(string) -> uint", uint_from_string},
});

}  // namespace

std::span<const Overload> conversion_library() { return kConversionOverloads; }

}  // namespace posture::cel
