// SPDX-License-Identifier: Apache-2.0
// Offsets of time zones: `+02:00` forms and names of the system's tz database.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace posture::cel {

/// Seconds east of UTC that hold in `zone` at `seconds` since 1970. Returns why there is no answer, or empty.
std::string zone_offset(std::string_view zone, std::int64_t seconds, std::int64_t& offset);

}  // namespace posture::cel
