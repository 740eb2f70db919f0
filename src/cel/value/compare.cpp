// SPDX-License-Identifier: Apache-2.0
#include "cel/value/compare.h"

#include <cmath>
#include <functional>

#include "cel/value/opaque.h"

namespace posture::cel {
namespace {

template <typename T>
int sign(T left, T right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}

constexpr std::size_t kMembersPerVisit = 16;  // passing over a member is cheap beside comparing values
constexpr double kInt64End = 9223372036854775808.0;    // 2^63
constexpr double kUint64End = 18446744073709551616.0;  // 2^64

int compare_int_real(std::int64_t left, double right) {
  if (right < -kInt64End) return 1;
  if (right > kInt64End) return -1;
  return sign(static_cast<double>(left), right);
}

int compare_uint_real(std::uint64_t left, double right) {
  if (right < 0) return 1;
  if (right > kUint64End) return -1;
  return sign(static_cast<double>(left), right);
}

int compare_int_uint(std::int64_t left, std::uint64_t right) {
  if (left < 0) return -1;
  return sign(static_cast<std::uint64_t>(left), right);
}

bool is_nan(const Datum& datum) { return is(datum, Tag::real) && std::isnan(real_of(datum)); }

// Precondition: both numbers, none NaN.
int compare_numbers(const Datum& left, const Datum& right) {
  const Tag a = tag_of(left);
  const Tag b = tag_of(right);
  if (a == Tag::integer) {
    if (b == Tag::integer) return sign(int_of(left), int_of(right));
    return b == Tag::uinteger ? compare_int_uint(int_of(left), uint_of(right))
                              : compare_int_real(int_of(left), real_of(right));
  }
  if (a == Tag::uinteger) {
    if (b == Tag::uinteger) return sign(uint_of(left), uint_of(right));
    return b == Tag::integer ? -compare_int_uint(int_of(right), uint_of(left))
                             : compare_uint_real(uint_of(left), real_of(right));
  }
  if (b == Tag::real) return sign(real_of(left), real_of(right));
  return b == Tag::integer ? -compare_int_real(int_of(right), real_of(left))
                           : -compare_uint_real(uint_of(right), real_of(left));
}

// Within lists and maps what cannot be compared passes for equal, as in cel-go.
bool equal_parts(const Datum& left, const Datum& right, std::uint64_t& visits) {
  return equal(left, right, visits) || (visits > 0 && refuses_equality(left, right));
}

bool equal_lists(const Datum& left, const Datum& right, std::uint64_t& visits) {
  const std::size_t size = list_size(left);
  if (size != list_size(right)) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (!equal_parts(list_at(left, i), list_at(right, i), visits)) return false;
  }
  return true;
}

/// The value at `key`, which most often stands where it stands in the other map. A walk over a big one counts.
Datum same_place_or_found(const Datum& map, std::size_t place, const Datum& key, std::uint64_t& visits) {
  const Entry entry = map_at(map, place);
  if (is(key, Tag::string) && is(entry.key, Tag::string) && text_of(key) == text_of(entry.key)) return entry.value;
  const std::uint64_t walk = is(map, Tag::json_map) ? map_size(map) / kMembersPerVisit : 0;
  visits = walk < visits ? visits - walk : 0;
  return map_find(map, key);
}

bool equal_maps(const Datum& left, const Datum& right, std::uint64_t& visits) {
  const std::size_t size = map_size(left);
  if (size != map_size(right)) return false;
  for (std::size_t i = 0; i < size; ++i) {
    const Entry entry = map_at(left, i);
    const Datum other = same_place_or_found(right, i, entry.key, visits);
    if (is(other, Tag::absent) || !equal_parts(entry.value, other, visits)) return false;
  }
  return true;
}

bool equal_scalars(const Datum& left, const Datum& right, std::uint64_t& visits) {
  switch (tag_of(left)) {
    case Tag::null:
    case Tag::none: return true;
    case Tag::boolean:
    case Tag::duration: return int_of(left) == int_of(right);
    case Tag::string:
    case Tag::bytes:
    case Tag::type: return text_of(left) == text_of(right);
    case Tag::timestamp: return int_of(left) == int_of(right) && left.payload.size == right.payload.size;
    case Tag::some: return equal(inner_of(left), inner_of(right), visits);
    case Tag::opaque: return equal_opaques(left, right);
    default: return false;
  }
}

Order ordered(int sign) { return {true, sign}; }

}  // namespace

int compare_text(std::string_view left, std::string_view right) { return sign(left.compare(right), 0); }

bool equal(const Datum& left, const Datum& right, std::uint64_t& visits) {
  if (visits <= 1) {
    visits = 0;
    return false;
  }
  --visits;
  if (is_number(left)) {
    return is_number(right) && !is_nan(left) && !is_nan(right) && compare_numbers(left, right) == 0;
  }
  if (is_list(left)) return is_list(right) && equal_lists(left, right, visits);
  if (is_map(left)) return is_map(right) && equal_maps(left, right, visits);
  return left.payload.tag == right.payload.tag && equal_scalars(left, right, visits);
}

std::uint64_t hash(const Datum& key) {
  switch (tag_of(key)) {
    case Tag::string: return std::hash<std::string_view>{}(text_of(key));
    case Tag::integer: return std::hash<double>{}(static_cast<double>(int_of(key)));
    case Tag::uinteger: return std::hash<double>{}(static_cast<double>(uint_of(key)));
    case Tag::real: return std::hash<double>{}(real_of(key) == 0 ? 0.0 : real_of(key));
    case Tag::boolean:
    case Tag::duration:
    case Tag::timestamp: return static_cast<std::uint64_t>(int_of(key));
    default: return key.payload.tag;
  }
}

Order compare(const Datum& left, const Datum& right) {
  if (is_number(left) && is_number(right)) {
    return is_nan(left) || is_nan(right) ? Order{} : ordered(compare_numbers(left, right));
  }
  if (left.payload.tag != right.payload.tag) return {};
  switch (tag_of(left)) {
    case Tag::boolean:
    case Tag::duration: return ordered(sign(int_of(left), int_of(right)));
    case Tag::string:
    case Tag::bytes: return ordered(compare_text(text_of(left), text_of(right)));
    case Tag::timestamp:
      if (int_of(left) != int_of(right)) return ordered(sign(int_of(left), int_of(right)));
      return ordered(sign(left.payload.size, right.payload.size));
    default: return {};
  }
}

}  // namespace posture::cel
