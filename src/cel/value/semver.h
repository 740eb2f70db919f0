// SPDX-License-Identifier: Apache-2.0
// Semantic versions, read as github.com/blang/semver does.
#pragma once

#include <string>

#include "cel/value/values.h"

namespace posture::cel {

struct Semver : Opaque {
  std::uint64_t numbers[3] = {};
  std::string_view prerelease;  ///< identifiers joined by dots
  std::string_view build;       ///< not compared
};

/// Why `text` is no version, empty if `out` is set. `out` borrows from `text`.
std::string parse_semver(std::string_view text, Semver& out);
/// `v1.02` as `1.2.0`: drops a leading v and leading zeros, adds missing numbers. Empty with `error` set if that cannot be.
std::string normalize_semver(std::string_view text, std::string& error);
int compare_semvers(const Semver& left, const Semver& right);

}  // namespace posture::cel
