// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <string_view>

#include "base/text.h"

namespace posture {
namespace {

/// Seconds of "+hh:mm"; nullopt when it is something else.
std::optional<long> offset_seconds(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const bool shaped = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' && is_digit(text[1]) &&
                      is_digit(text[2]) && is_digit(text[4]) && is_digit(text[5]);
  if (!shaped) return std::nullopt;
  const long hours = (text[1] - '0') * 10 + (text[2] - '0');
  const long minutes = (text[4] - '0') * 10 + (text[5] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  const long seconds = (hours * 60 + minutes) * 60;
  return text[0] == '-' ? -seconds : seconds;
}

struct Unit {
  std::string_view name;
  std::chrono::milliseconds length;
};
constexpr std::array kUnits = {
    Unit{"ms", std::chrono::milliseconds(1)},  // before "m", with which it begins
    Unit{"s", std::chrono::seconds(1)},
    Unit{"m", std::chrono::minutes(1)},
    Unit{"h", std::chrono::hours(1)},
};

/// Takes a whole number from the beginning of `text`.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t number = 0;
  const auto [end, flaw] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (flaw != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

}  // namespace

std::string rfc3339(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text, size};
}

bool is_rfc3339(const std::string& text) {
  std::tm parsed{};
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parsed);
  return end != nullptr && *end == '\0' && text.size() == 20;
}

std::optional<std::chrono::system_clock::time_point> parse_rfc3339(const std::string& text) {
  constexpr std::size_t kDateAndTime = 19;  // 2026-01-31T23:59:59
  std::tm parsed{};
  if (text.size() <= kDateAndTime || (text[10] != 'T' && text[10] != 't')) return std::nullopt;
  const std::string head = text.substr(0, kDateAndTime);
  const char* end = strptime(head.c_str(), text[10] == 'T' ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%dt%H:%M:%S", &parsed);
  if (end == nullptr || *end != '\0') return std::nullopt;
  std::string_view rest = std::string_view(text).substr(kDateAndTime);
  if (rest[0] == '.') {
    std::size_t digits = 1;
    while (digits < rest.size() && is_digit(rest[digits])) ++digits;
    if (digits == 1) return std::nullopt;
    rest.remove_prefix(digits);
  }
  const std::optional<long> offset = offset_seconds(rest);
  if (!offset) return std::nullopt;
  const std::chrono::seconds seconds(timegm(&parsed) - *offset);
  using Clock = std::chrono::system_clock;  // ends in the year 2262
  const auto last = std::chrono::floor<std::chrono::seconds>(Clock::duration::max());
  const auto first = std::chrono::ceil<std::chrono::seconds>(Clock::duration::min());
  return Clock::time_point(std::clamp(seconds, first, last));
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::chrono::milliseconds total{0};
  const std::string_view whole = text;
  do {
    const std::optional<std::uint32_t> number = take_number(text);
    if (!number) return std::nullopt;
    if (text.empty() && std::all_of(whole.begin(), whole.end(), is_digit)) return std::chrono::seconds(*number);
    const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                    [&](const Unit& each) { return text.substr(0, each.name.size()) == each.name; });
    if (unit == kUnits.end()) return std::nullopt;
    total += unit->length * *number;
    text.remove_prefix(unit->name.size());
  } while (!text.empty());
  return total;
}

}  // namespace posture
