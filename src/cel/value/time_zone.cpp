// SPDX-License-Identifier: Apache-2.0
#include "cel/value/time_zone.h"

#include <charconv>

#include "cel/value/tz_file.h"

namespace posture::cel {
namespace {

// Go's Atoi: an optional sign and digits.
bool parse_int(std::string_view text, std::int64_t& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > -100000 && value < 100000;
}

}  // namespace

std::string zone_offset(std::string_view zone, std::int64_t seconds, std::int64_t& offset) {
  const std::size_t colon = zone.find(':');
  if (colon == std::string_view::npos) return named_offset(zone, seconds, offset);
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if (!parse_int(zone.substr(0, colon), hours) || !parse_int(zone.substr(colon + 1), minutes)) {
    return "invalid time zone offset: " + std::string(zone);
  }
  offset = 60 * (zone.front() == '-' ? hours * 60 - minutes : hours * 60 + minutes);
  return {};
}

}  // namespace posture::cel
