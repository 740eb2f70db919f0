// SPDX-License-Identifier: Apache-2.0
// From one YAML document to the API objects in it.
#pragma once

#include <string>
#include <vector>

#include "base/yaml.h"
#include "posture/source.h"

namespace posture {

/// One object of a manifest with what a list request selects by.
struct Manifest {
  std::string group;
  std::string version;
  std::string kind;
  std::string ns;
  Item item;
};

/// Appends the objects of `document` (the items of a `List`, each by itself); nothing for documents that are no API objects.
void expand(const YamlDocument& document, const std::string& file, std::size_t number, std::vector<Manifest>& out);

}  // namespace posture
