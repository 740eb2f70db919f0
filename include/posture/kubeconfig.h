// SPDX-License-Identifier: Apache-2.0
// From kubeconfig files or the in-cluster identity to one resolved Connection.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace posture {

/// Everything needed to reach one API server as one identity. PEM and tokens are the content, never a path, except token_file.
struct Connection {
  std::string server;  ///< https://host:port[/prefix], no trailing slash
  std::string context;  ///< name of the context, "" in-cluster
  std::string origin;  ///< file that defined the context, or "in-cluster"
  std::string ns = "default";
  std::string ca_pem;  ///< empty: the system's roots
  std::string tls_server_name;
  bool insecure_skip_tls_verify = false;
  std::string client_certificate_pem;
  std::string client_key_pem;
  std::string token;
  std::string token_file;  ///< read again when older than a minute; wins over `token` while readable
  std::string username;
  std::string password;
  bool disable_compression = false;
};

/// What the command line and the process environment contribute.
struct ConnectionOptions {
  std::optional<std::string> kubeconfig;  ///< --kubeconfig
  std::optional<std::string> context;  ///< --context
  std::function<std::optional<std::string>(const std::string&)> environment;  ///< getenv; empty: nothing is set
  std::string service_account_folder = "/var/run/secrets/kubernetes.io/serviceaccount";  ///< token, ca.crt, namespace
};

/// Finds, merges, validates and resolves as kubectl does (client-go tools/clientcmd). Throws Error(config) naming file and field;
/// a field we do not support yet (exec, auth-provider, proxy-url, …) is such an error, never ignored.
Connection load_connection(const ConnectionOptions& options);

/// Names of context and server that load_connection would use, for a question before a scan; nullopt where there is none.
struct ConnectionTarget {
  std::string context;
  std::string server;
};
std::optional<ConnectionTarget> connection_target(const ConnectionOptions& options);

}  // namespace posture
