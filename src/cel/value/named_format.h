// SPDX-License-Identifier: Apache-2.0
// Kubernetes' named string formats: DNS labels, label values, dates, ….
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cel/value/values.h"

namespace posture::cel {

/// Appends what is wrong with a text.
using Validate = void (*)(std::string_view text, std::vector<std::string>& problems);

struct NamedFormat : Opaque {
  std::string_view name;  ///< as in format.NAME()
  Validate validate = nullptr;
  std::uint32_t pattern_size = 0;  ///< for the cost
};

std::span<const NamedFormat> named_formats();

}  // namespace posture::cel
