// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/plugin_entry.h"

namespace posture {

PluginEntry read_plugin_entry(const FieldReader& reader, Value body) {
  reader.check_type(body, ValueType::map, "exec");
  PluginEntry entry;
  entry.place = reader.place(body);
  entry.command = reader.text(body["command"], "command");
  if (entry.command.find('/') != std::string::npos) entry.command = absolute_path(entry.command, reader.file());
  entry.arguments = reader.texts(body["args"], "args");
  reader.check_type(body["env"], ValueType::list, "env");
  for (const Node& node : body["env"].elements()) {
    const Value variable(&node);
    reader.check_type(variable, ValueType::map, "env");
    entry.variables.emplace_back(reader.text(variable["name"], "name"), reader.text(variable["value"], "value"));
  }
  entry.api_version = reader.text(body["apiVersion"], "apiVersion");
  entry.interactive_mode = reader.text(body["interactiveMode"], "interactiveMode");
  entry.install_hint = reader.text(body["installHint"], "installHint");
  entry.provide_cluster_info = reader.flag(body["provideClusterInfo"], "provideClusterInfo");
  return entry;
}

}  // namespace posture
