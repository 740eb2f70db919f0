// SPDX-License-Identifier: Apache-2.0
// The rule for times beyond a zone's table: POSIX TZ strings such as CET-1CEST,M3.5.0,M10.5.0/3.
#pragma once

#include <cstdint>
#include <string_view>

namespace posture::cel {

/// Seconds east of UTC that the rule gives at `seconds` since 1970. False if it is not understood.
bool rule_offset(std::string_view rule, std::int64_t seconds, std::int64_t& offset);

}  // namespace posture::cel
