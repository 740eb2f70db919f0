// SPDX-License-Identifier: Apache-2.0
// From a place in a scalar's value back to the place in the YAML text.
#pragma once

#include <string_view>

#include "base/yaml.h"

namespace posture {

/// Where byte `offset` of `value` stands in `yaml`, whose scalar `value` begins at `start`, in whatever style it is written. White
/// space is not told apart: folding moves it.
YamlMark place_in_scalar(std::string_view yaml, YamlMark start, std::string_view value, std::size_t offset);
/// The line of that number, without its end; empty beyond the last.
std::string_view line_of(std::string_view text, std::size_t line);

}  // namespace posture
