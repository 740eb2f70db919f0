// SPDX-License-Identifier: Apache-2.0
#include "cel/value/tz_rule.h"

#include <algorithm>

#include "cel/value/time_values.h"

namespace posture::cel {
namespace {

constexpr std::int64_t kDay = 86400;

/// A day of the year and a time on it, in the forms Mm.w.d, Jn and n.
struct Change {
  char form = 'M';
  int month = 0, week = 0, day = 0;
  std::int64_t time = 2 * 3600;
};

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }

  bool name() {
    const bool quoted = rest_.starts_with('<');
    const std::size_t length = quoted ? rest_.find('>') : rest_.find_first_of("+-,0123456789");
    if (quoted && length == std::string_view::npos) return false;
    rest_.remove_prefix(std::min(quoted ? length + 1 : length, rest_.size()));
    return true;
  }

  // [+-]h[h[h]][:mm[:ss]]
  bool time(std::int64_t& seconds) {
    const bool negative = rest_.starts_with('-');
    if (negative || rest_.starts_with('+')) rest_.remove_prefix(1);
    int hours = 0, minutes = 0, rest = 0;
    if (!number(hours)) return false;
    if (accept(':') && !number(minutes)) return false;
    if (accept(':') && !number(rest)) return false;
    seconds = (negative ? -1 : 1) * (std::int64_t{hours} * 3600 + minutes * 60 + rest);
    return true;
  }

  bool change(Change& change) {
    if (!accept(',')) return false;
    if (accept('M')) {
      const bool read = number(change.month) && accept('.') && number(change.week) && accept('.') && number(change.day);
      if (!read || change.month < 1 || change.month > 12 || change.week < 1 || change.week > 5 || change.day > 6)
        return false;
    } else {
      change.form = accept('J') ? 'J' : 'n';
      if (!number(change.day)) return false;
    }
    return !accept('/') || time(change.time);
  }

  bool at_change() const { return rest_.starts_with(','); }

 private:
  bool accept(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool number(int& value) {
    value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && digits < 4 && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      value = value * 10 + (rest_[digits] - '0');
    }
    rest_.remove_prefix(digits);
    return digits > 0;
  }

  std::string_view rest_;
};

// The local time of the change, in seconds since 1970 as if local time were UTC.
std::int64_t moment(const Change& change, std::int64_t year) {
  const std::int64_t january = days_from_civil(year, 1, 1);
  if (change.form == 'n') return (january + change.day) * kDay + change.time;
  if (change.form == 'J') {
    const int leap_day = is_leap(year) && change.day >= 60 ? 1 : 0;
    return (january + change.day - 1 + leap_day) * kDay + change.time;
  }
  const std::int64_t first = days_from_civil(year, change.month, 1);
  const std::int64_t next =
      change.month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, change.month + 1, 1);
  const std::int64_t weekday = ((first + 4) % 7 + 7) % 7;
  std::int64_t day = first + (change.day - weekday + 7) % 7 + (change.week - 1) * 7;
  while (day >= next) day -= 7;
  return day * kDay + change.time;
}

}  // namespace

bool rule_offset(std::string_view rule, std::int64_t seconds, std::int64_t& offset) {
  RuleReader reader(rule);
  std::int64_t standard = 0;
  if (!reader.name() || !reader.time(standard)) return false;
  standard = -standard;
  offset = standard;
  if (reader.done()) return true;
  std::int64_t summer = 0;
  if (!reader.name()) return false;
  if (reader.at_change()) {
    summer = standard + 3600;
  } else {
    if (!reader.time(summer)) return false;
    summer = -summer;
  }
  Change begin;
  Change end;
  if (!reader.change(begin) || !reader.change(end) || !reader.done()) return false;
  const std::int64_t year = civil_from(seconds + standard).year;
  const std::int64_t from = moment(begin, year) - standard;
  const std::int64_t to = moment(end, year) - summer;
  const bool inside = from < to ? seconds >= from && seconds < to : seconds >= from || seconds < to;
  if (inside) offset = summer;
  return true;
}

}  // namespace posture::cel
