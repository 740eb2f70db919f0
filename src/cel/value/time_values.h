// SPDX-License-Identifier: Apache-2.0
// Timestamps and durations as Go reads and writes them.
#pragma once

#include <string>

#include "cel/value/values.h"

namespace posture::cel {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kMinSeconds = -62135596800;  ///< 0001-01-01T00:00:00Z
inline constexpr std::int64_t kMaxSeconds = 253402300799;  ///< 9999-12-31T23:59:59Z

/// RFC 3339; false if malformed. `out` may still lie outside the range of a timestamp.
bool parse_timestamp(std::string_view text, Datum& out);
std::string format_timestamp(const Datum& timestamp);  ///< RFC 3339 with up to nine decimals, in its own zone
/// Go's notation: 1h2m3.5s, -5ms.
bool parse_duration(std::string_view text, std::int64_t& nanoseconds);
std::string format_duration(std::int64_t nanoseconds);  ///< seconds: `5400s`, `0.5s`

/// A civil date and time.
struct Civil {
  std::int64_t year;
  int month;  ///< 1 to 12
  int day;    ///< 1 to 31
  int hour, minute, second;
  int weekday;   ///< Sunday is 0
  int year_day;  ///< 0 to 365
};
Civil civil_from(std::int64_t seconds);
constexpr bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
std::int64_t days_from_civil(std::int64_t year, int month, int day);  ///< since 1970-01-01

}  // namespace posture::cel
