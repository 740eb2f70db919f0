// SPDX-License-Identifier: Apache-2.0
// Hashes of several fields.
#pragma once

#include <cstddef>

namespace posture {

/// One of several, whose order counts. For hash tables alone: no promise across versions.
template <typename... Hashes>
constexpr std::size_t combined(Hashes... hashes) {
  constexpr std::size_t kOdd = 0x9e3779b97f4a7c15U;
  std::size_t all = 0;
  ((all = all * kOdd + std::size_t{hashes}), ...);
  return all;
}

}  // namespace posture
