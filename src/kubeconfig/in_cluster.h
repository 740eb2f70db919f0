// SPDX-License-Identifier: Apache-2.0
// The identity a pod is given (client-go rest/config.go).
#pragma once

#include <optional>
#include <string>

#include "posture/kubeconfig.h"

namespace posture {

/// Whether KUBERNETES_SERVICE_HOST and _PORT are set and a service account token is there.
bool in_cluster_possible(const ConnectionOptions& options);

/// https://host:port of the service variables, IPv6 hosts in brackets.
std::string in_cluster_server(const ConnectionOptions& options);

/// $POD_NAMESPACE, else the mounted namespace file, else "default".
std::string in_cluster_namespace(const ConnectionOptions& options);

/// Throws Error(config) when ca.crt cannot be read or holds no certificate.
Connection in_cluster_connection(const ConnectionOptions& options);

}  // namespace posture
