// SPDX-License-Identifier: Apache-2.0
// The `exec` part of a user entry, as it is written.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kubeconfig/field_reader.h"

namespace posture {

struct PluginEntry {
  std::string place;    ///< "file:line:column"
  std::string command;  ///< absolute when a path was written; a bare name stays one
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> variables;
  std::string api_version;
  std::string interactive_mode;
  std::string install_hint;
  bool provide_cluster_info = false;
};

/// Throws Error(config) on a field of another type.
PluginEntry read_plugin_entry(const FieldReader& reader, Value body);

}  // namespace posture
