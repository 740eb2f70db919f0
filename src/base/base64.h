// SPDX-License-Identifier: Apache-2.0
// Standard base64 (RFC 4648 section 4) both ways.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace posture {

/// As Go's encoding/base64.StdEncoding: padding required, CR and LF skipped, nothing else tolerated. nullopt when
/// malformed.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

}  // namespace posture
