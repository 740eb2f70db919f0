// SPDX-License-Identifier: Apache-2.0
// Files whose size nobody may choose for us: kubeconfigs, certificates, keys, tokens.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace posture {

inline constexpr std::size_t kMaxPemBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxTokenBytes = 64 * 1024;

/// The content of `path`; nullopt when there is no such file. `field` is what names it, for the message.
/// Throws Error(config) when it is a folder, cannot be read or is larger than `limit` bytes.
std::optional<std::string> read_small_file(const std::string& path, std::size_t limit, const std::string& field);

/// The same, but a missing file is an Error(config) too.
std::string require_small_file(const std::string& path, std::size_t limit, const std::string& field);

}  // namespace posture
