// SPDX-License-Identifier: Apache-2.0
// From an `exec` entry to a plugin that can be run (client-go tools/clientcmd/validation.go, plugin/pkg/client/auth/exec).
#pragma once

#include <string>

#include "kubeconfig/config_file.h"
#include "posture/kubeconfig.h"

namespace posture {

/// Throws Error(config) on what kubectl refuses, whether the plugin will be asked or not.
void check_plugin(const PluginEntry& entry, const std::string& user);

/// Of a checked entry. Throws Error(config) when it needs a terminal and there is none, or when the CA that it is to be
/// told of cannot be read.
CredentialPlugin plugin_of(const PluginEntry& entry, const ClusterEntry& cluster, const ConnectionOptions& options);

}  // namespace posture
