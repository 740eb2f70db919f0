// SPDX-License-Identifier: Apache-2.0
// The maker of Source for manifests: files, folders and standard input.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "posture/source.h"

namespace posture {

/// Reads YAML and JSON files (several documents, `List` objects), folders (recursively: .yaml, .yml, .json) and "-" at once.
/// Objects are normalised as an API server would decode them: nulls dropped, quantities as text. Documents that are no Kubernetes
/// objects are left out. Throws Error(input) naming file and line, also when there is no object at all.
std::unique_ptr<Source> read_manifests(const std::vector<std::string>& paths);

}  // namespace posture
