// SPDX-License-Identifier: Apache-2.0
// What a YAML scalar means: the rules of sigs.k8s.io/yaml (go-yaml v2), so that we read a manifest as kubectl does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace posture {

/// null, boolean, integer, real or text.
using YamlScalar = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// Resolves `text`. `tag` is "?" for a plain scalar, "!" for a quoted one, else the explicit tag in its long form.
/// nullopt: the explicit tag and the text contradict each other. Infinite and NaN reals come back as such.
std::optional<YamlScalar> resolve_yaml_scalar(std::string_view tag, std::string_view text);

/// A scalar as map key, the way sigs.k8s.io/yaml turns it into a JSON key ("yes" -> "true"); nullopt for null.
std::optional<std::string> yaml_key(const YamlScalar& scalar);

}  // namespace posture
