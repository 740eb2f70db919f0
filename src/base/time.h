// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace posture {

/// "2026-01-31T23:59:59Z".
std::string rfc3339(std::chrono::system_clock::time_point time);
/// Whether `text` is a UTC time as rfc3339() writes it.
bool is_rfc3339(const std::string& text);

}  // namespace posture
