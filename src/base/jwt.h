// SPDX-License-Identifier: Apache-2.0
// The one thing that a client reads in a JSON Web Token (RFC 7519). Signatures are the server's business.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace posture {

/// The claim `exp`; nullopt when the text is no such token, or one without it.
std::optional<std::chrono::system_clock::time_point> jwt_expiry(std::string_view token);

}  // namespace posture
