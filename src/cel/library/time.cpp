// SPDX-License-Identifier: Apache-2.0
// Parts of timestamps and durations.
#include <array>

#include "cel/library/library.h"
#include "cel/value/time_values.h"
#include "cel/value/time_zone.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;
using Part = std::int64_t (*)(const Civil&);

std::int64_t year(const Civil& civil) { return civil.year; }
std::int64_t month(const Civil& civil) { return civil.month - 1; }
std::int64_t year_day(const Civil& civil) { return civil.year_day; }
std::int64_t month_day(const Civil& civil) { return civil.day - 1; }
std::int64_t date(const Civil& civil) { return civil.day; }
std::int64_t weekday(const Civil& civil) { return civil.weekday; }
std::int64_t hours(const Civil& civil) { return civil.hour; }
std::int64_t minutes(const Civil& civil) { return civil.minute; }
std::int64_t seconds(const Civil& civil) { return civil.second; }

template <Part part>
Datum utc(Frame&, Arguments arguments) {
  return Datum::integer(part(civil_from(int_of(arguments[0]))));
}

template <Part part>
Datum zoned(Frame& frame, Arguments arguments) {
  std::int64_t offset = 0;
  const std::string error = zone_offset(text_of(arguments[1]), int_of(arguments[0]), offset);
  if (!error.empty()) return keep_error(frame.memory(), error);
  return Datum::integer(part(civil_from(int_of(arguments[0]) + offset)));
}

Datum milliseconds(Frame&, Arguments arguments) { return Datum::integer(arguments[0].payload.size / 1'000'000); }

Datum zoned_milliseconds(Frame& frame, Arguments arguments) {
  std::int64_t offset = 0;
  const std::string error = zone_offset(text_of(arguments[1]), int_of(arguments[0]), offset);
  return error.empty() ? milliseconds(frame, arguments) : keep_error(frame.memory(), error);
}

template <std::int64_t unit>
Datum whole(Frame&, Arguments arguments) {
  return Datum::integer(int_of(arguments[0]) / unit);
}

constexpr std::int64_t kMillisecond = 1'000'000;

constexpr std::array kTimeOverloads = std::to_array<Overload>({
    {"getFullYear", "timestamp.() -> int", utc<year>},
    {"getFullYear", "timestamp.(string) -> int", zoned<year>},
    {"getMonth", "timestamp.() -> int", utc<month>},
    {"getMonth", "timestamp.(string) -> int", zoned<month>},
    {"getDayOfYear", "timestamp.() -> int", utc<year_day>},
    {"getDayOfYear", "timestamp.(string) -> int", zoned<year_day>},
    {"getDayOfMonth", "timestamp.() -> int", utc<month_day>},
    {"getDayOfMonth", "timestamp.(string) -> int", zoned<month_day>},
    {"getDate", "timestamp.() -> int", utc<date>},
    {"getDate", "timestamp.(string) -> int", zoned<date>},
    {"getDayOfWeek", "timestamp.() -> int", utc<weekday>},
    {"getDayOfWeek", "timestamp.(string) -> int", zoned<weekday>},
    {"getHours", "timestamp.() -> int", utc<hours>},
    {"getHours", "timestamp.(string) -> int", zoned<hours>},
    {"getHours", "duration.() -> int", whole<3600 * kNanosPerSecond>},
    {"getMinutes", "timestamp.() -> int", utc<minutes>},
    {"getMinutes", "timestamp.(string) -> int", zoned<minutes>},
    {"getMinutes", "duration.() -> int", whole<60 * kNanosPerSecond>},
    {"getSeconds", "timestamp.() -> int", utc<seconds>},
    {"getSeconds", "timestamp.(string) -> int", zoned<seconds>},
    {"getSeconds", "duration.() -> int", whole<kNanosPerSecond>},
    {"getMilliseconds", "timestamp.() -> int", milliseconds},
    {"getMilliseconds", "timestamp.(string) -> int", zoned_milliseconds},
    {"getMilliseconds", "duration.() -> int", whole<kMillisecond>},
});

}  // namespace

std::span<const Overload> time_library() { return kTimeOverloads; }

}  // namespace posture::cel
