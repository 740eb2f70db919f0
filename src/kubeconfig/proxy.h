// SPDX-License-Identifier: Apache-2.0
// Which proxy stands before a server: the kubeconfig's, else the environment's, as Go's net/http reads it.
#pragma once

#include <optional>
#include <string>

#include "posture/kubeconfig.h"

namespace posture {

/// Of the proxy-url of a cluster. Throws Error(config) with `where` when it is no URL of a proxy that kubectl speaks to.
Proxy kubeconfig_proxy(const std::string& url, const std::string& where);

/// HTTPS_PROXY (HTTP_PROXY for plain http), unless NO_PROXY or the server's being on this machine excepts it. Throws
/// Error(config).
std::optional<Proxy> environment_proxy(const ConnectionOptions& options, const std::string& server);

/// Whether the list `no_proxy` ("example.com, .svc, 10.0.0.0/8, host:port, *") excepts this host and port.
bool is_excepted(const std::string& no_proxy, const std::string& host, const std::string& port);

}  // namespace posture
