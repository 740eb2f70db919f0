// SPDX-License-Identifier: Apache-2.0
// What every target shares: the entry point's name, its input as text, and what must hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace posture::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the run, as a finding, unless `holds`.
inline void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace posture::fuzz
