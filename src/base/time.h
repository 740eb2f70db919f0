// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace posture {

/// "2026-01-31T23:59:59Z".
std::string rfc3339(std::chrono::system_clock::time_point time);
/// Whether `text` is a UTC time as rfc3339() writes it.
bool is_rfc3339(const std::string& text);
/// Any RFC 3339 time, with a fraction (dropped) and an offset if need be; nullopt when it is none.
/// Times that the clock cannot hold become its first or last.
std::optional<std::chrono::system_clock::time_point> parse_rfc3339(const std::string& text);
/// "90s", "1h30m", "250ms"; a whole number alone is seconds. nullopt when it is something else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace posture
