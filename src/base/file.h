// SPDX-License-Identifier: Apache-2.0
// Whole files in and out, with errors that name the path.
#pragma once

#include <cstddef>
#include <string>

namespace posture {

inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;

/// The content of a file, or of standard input for "-". Throws Error(input).
std::string read_file(const std::string& path);

}  // namespace posture
