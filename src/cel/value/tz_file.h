// SPDX-License-Identifier: Apache-2.0
// Named time zones, read from the system's compiled tz database (RFC 8536).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace posture::cel {

/// As zone_offset, for a name such as `America/New_York`. `UTC` and the empty name need no database.
std::string named_offset(std::string_view name, std::int64_t seconds, std::int64_t& offset);

}  // namespace posture::cel
