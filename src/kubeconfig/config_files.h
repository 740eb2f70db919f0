// SPDX-License-Identifier: Apache-2.0
// Which kubeconfig files there are, and what they say together (client-go tools/clientcmd/loader.go).
#pragma once

#include <string>
#include <vector>

#include "kubeconfig/config_file.h"
#include "posture/kubeconfig.h"

namespace posture {

inline constexpr std::size_t kMaxKubeconfigFiles = 100;

/// Value of a variable of the environment, "" when unset.
std::string environment_value(const ConnectionOptions& options, const std::string& name);

/// All of them merged: of entries with one name the first file's is taken whole; the first current-context that is not
/// empty counts. Missing files are skipped, unless named by --kubeconfig. Throws Error(config).
Kubeconfig load_kubeconfig(const ConnectionOptions& options);

}  // namespace posture
