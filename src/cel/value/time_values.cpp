// SPDX-License-Identifier: Apache-2.0
#include "cel/value/time_values.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "cel/value/json_text.h"

namespace posture::cel {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

// Takes characters off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }

  bool accept(std::string_view any, char* taken = nullptr) {
    if (rest_.empty() || any.find(rest_.front()) == std::string_view::npos) return false;
    if (taken != nullptr) *taken = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  bool digits(std::size_t count, int& value) {
    if (rest_.size() < count) return false;
    value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }
  // Digits of a fraction as nanoseconds; more than nine are cut off.
  bool fraction(std::uint32_t& nanoseconds) {
    std::uint32_t scale = 100'000'000;
    nanoseconds = 0;
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return false;
    for (char c = 0; accept("0123456789", &c); scale /= 10) nanoseconds += static_cast<std::uint32_t>(c - '0') * scale;
    return true;
  }

 private:
  std::string_view rest_;
};

int days_in(std::int64_t year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool valid(const Civil& civil) {
  return civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= days_in(civil.year, civil.month) &&
         civil.hour < 24 && civil.minute < 60 && civil.second < 60;
}

bool parse_zone(Scanner& scanner, int& minutes) {
  minutes = 0;
  if (scanner.accept("Z")) return true;
  char sign = 0;
  int hour = 0;
  int minute = 0;
  if (!scanner.accept("+-", &sign) || !scanner.digits(2, hour) || !scanner.accept(":") || !scanner.digits(2, minute))
    return false;
  if (hour > 24 || minute > 60) return false;  // Go's bounds
  minutes = (hour * 60 + minute) * (sign == '-' ? -1 : 1);
  return true;
}

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};
constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1000},
                                         {"\xC2\xB5s", 1000},
                                         {"\xCE\xBCs", 1000},
                                         {"ms", 1'000'000},
                                         {"s", 1'000'000'000},
                                         {"m", 60'000'000'000},
                                         {"h", 3'600'000'000'000}}};

constexpr std::uint64_t kMaxMagnitude = std::uint64_t{1} << 63;

// One "12.5h" of a duration, taken off `rest`.
bool parse_part(std::string_view& rest, std::uint64_t& nanoseconds) {
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;
  double scale = 1;
  std::size_t at = 0;
  std::size_t digits = 0;
  for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at, ++digits) {
    if (whole > kMaxMagnitude / 10) return false;
    whole = whole * 10 + static_cast<std::uint64_t>(rest[at] - '0');
    if (whole > kMaxMagnitude) return false;
  }
  if (at < rest.size() && rest[at] == '.') {
    bool overflow = false;
    for (++at; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at, ++digits) {
      if (overflow || fraction > (kMaxMagnitude - 1) / 10) {
        overflow = true;
        continue;
      }
      fraction = fraction * 10 + static_cast<std::uint64_t>(rest[at] - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return false;
  rest.remove_prefix(at);
  const std::size_t length = std::min(rest.find_first_of(".0123456789"), rest.size());
  const std::string_view name = rest.substr(0, length);
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& row) { return row.name == name; });
  if (unit == kUnits.end() || whole > kMaxMagnitude / unit->nanoseconds) return false;
  rest.remove_prefix(length);
  nanoseconds = whole * unit->nanoseconds;
  if (fraction > 0) {
    nanoseconds +=
        static_cast<std::uint64_t>(static_cast<double>(fraction) * (static_cast<double>(unit->nanoseconds) / scale));
  }
  return nanoseconds <= kMaxMagnitude;
}

}  // namespace

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

Civil civil_from(std::int64_t seconds) {
  std::int64_t days = seconds / kSecondsPerDay;
  std::int64_t rest = seconds % kSecondsPerDay;
  if (rest < 0) {
    rest += kSecondsPerDay;
    --days;
  }
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_shifted = (5 * day_of_year + 2) / 153;
  Civil civil{};
  civil.day = static_cast<int>(day_of_year - (153 * month_shifted + 2) / 5 + 1);
  civil.month = static_cast<int>(month_shifted < 10 ? month_shifted + 3 : month_shifted - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  civil.hour = static_cast<int>(rest / 3600);
  civil.minute = static_cast<int>(rest / 60 % 60);
  civil.second = static_cast<int>(rest % 60);
  civil.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  civil.year_day = static_cast<int>(days - days_from_civil(civil.year, 1, 1));
  return civil;
}

bool parse_timestamp(std::string_view text, Datum& out) {
  Scanner scanner(text);
  Civil civil{};
  int year = 0;
  std::uint32_t nanoseconds = 0;
  int zone = 0;
  if (!scanner.digits(4, year) || !scanner.accept("-") || !scanner.digits(2, civil.month) || !scanner.accept("-"))
    return false;
  if (!scanner.digits(2, civil.day) || !scanner.accept("T")) return false;
  if (!scanner.digits(2, civil.hour) && !scanner.digits(1, civil.hour)) return false;  // Go takes both
  if (!scanner.accept(":")) return false;
  if (!scanner.digits(2, civil.minute) || !scanner.accept(":") || !scanner.digits(2, civil.second)) return false;
  if (scanner.accept(".,") && !scanner.fraction(nanoseconds)) return false;
  civil.year = year;
  if (!parse_zone(scanner, zone) || !scanner.done() || !valid(civil)) return false;
  const std::int64_t seconds = days_from_civil(year, civil.month, civil.day) * kSecondsPerDay + civil.hour * 3600 +
                               civil.minute * 60 + civil.second - std::int64_t{zone} * 60;
  out = make_timestamp(seconds, nanoseconds);
  out.payload.zone = static_cast<std::int16_t>(zone);
  return true;
}

std::string format_timestamp(const Datum& timestamp) {
  const int zone = timestamp.payload.zone;
  const Civil civil = civil_from(int_of(timestamp) + std::int64_t{zone} * 60);
  std::array<char, 80> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02dT%02d:%02d:%02d", static_cast<int>(civil.year),
                civil.month, civil.day, civil.hour, civil.minute, civil.second);
  std::string text(buffer.data());
  if (timestamp.payload.size != 0) {
    std::snprintf(buffer.data(), buffer.size(), ".%09u", timestamp.payload.size);
    text += buffer.data();
    text.erase(text.find_last_not_of('0') + 1);
  }
  if (zone == 0) return text + "Z";
  std::snprintf(buffer.data(), buffer.size(), "%c%02d:%02d", zone < 0 ? '-' : '+', std::abs(zone) / 60,
                std::abs(zone) % 60);
  return text + buffer.data();
}

bool parse_duration(std::string_view text, std::int64_t& nanoseconds) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  nanoseconds = 0;
  if (text == "0") return true;
  if (text.empty()) return false;
  std::uint64_t total = 0;
  while (!text.empty()) {
    std::uint64_t part = 0;
    if (!parse_part(text, part)) return false;
    total += part;
    if (total > kMaxMagnitude) return false;
  }
  if (!negative && total == kMaxMagnitude) return false;
  nanoseconds = static_cast<std::int64_t>(negative ? 0 - total : total);
  return true;
}

std::string format_duration(std::int64_t nanoseconds) {
  const std::int64_t whole = nanoseconds / kNanosPerSecond;
  const double seconds = static_cast<double>(whole) + static_cast<double>(nanoseconds % kNanosPerSecond) / 1e9;
  return format_real_plain(seconds) + "s";
}

}  // namespace posture::cel
