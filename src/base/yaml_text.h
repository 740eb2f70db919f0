// SPDX-License-Identifier: Apache-2.0
// What the bytes must be before the YAML parser sees them, and how its refusals are worded.
#pragma once

#include <string>
#include <string_view>

#include "base/yaml.h"

namespace posture {

/// Throws Error(input) with `where` as "file:line:column".
[[noreturn]] void refuse_yaml(const std::string& file, const std::string& message, const YamlMark& mark);

/// A copy of `text` fit for the parser: no byte order mark, checked for size, UTF-8 and control characters; in JSON,
/// escaped surrogate pairs become one YAML escape. Throws as refuse_yaml does.
std::string yaml_bytes(std::string_view text, const std::string& file);

}  // namespace posture
