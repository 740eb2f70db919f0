// SPDX-License-Identifier: Apache-2.0
// From kubeconfig files or the in-cluster identity to one resolved Connection.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace posture {

/// A program that hands out credentials (a kubeconfig's `exec`, API client.authentication.k8s.io).
struct CredentialPlugin {
  std::string place;  ///< "file:line:column" of its entry
  std::string command;  ///< an absolute path, or a name to be looked up in PATH
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> variables;  ///< beside our own environment
  std::string path;  ///< $PATH
  std::string api_version;
  bool interactive = false;  ///< may use the terminal
  std::string install_hint;
  std::string cluster;  ///< JSON of the cluster it is told about, "" where it is told of none
};

/// What stands for us at one moment.
struct Credential {
  std::string token;
  std::string client_certificate_pem;
  std::string client_key_pem;
  std::optional<std::chrono::system_clock::time_point> expires;  ///< nullopt: good until a server says otherwise
};

/// Runs the plugin, with limits on its time and output. Throws Error(credentials); its words on standard error are not ours.
/// `stop`, where there is one, is asked many times a second; true ends the plugin, with an Error(stopped).
Credential run_plugin(const CredentialPlugin& plugin, const std::function<bool()>& stop = {});

/// Who stands between us and the server.
struct Proxy {
  std::string url;  ///< scheme://host:port; http, https, or socks5h, where the proxy looks names up
  std::string user;
  std::string password;
  std::string source;  ///< what named it: "proxy-url", "HTTPS_PROXY"
};

/// The legacy way to OpenID Connect (a kubeconfig's `auth-provider: {name: oidc}`).
struct OidcLogin {
  std::string place;  ///< "file:line:column" of its entry
  std::string issuer;  ///< https URL
  std::string client_id;
  std::string client_secret;
  std::string id_token;
  std::string refresh_token;  ///< "" where there is none
  std::string ca_pem;  ///< the only ones trusted for the issuer; empty: libcurl's own
  std::function<std::optional<Proxy>(const std::string&)> proxy_to;  ///< the environment's, by https://host:port
};

/// Whom we act as, beside who we are.
struct Impersonation {
  std::string user;  ///< "" when we act as ourselves
  std::string uid;
  std::vector<std::string> groups;
  std::vector<std::pair<std::string, std::vector<std::string>>> extra;
};

/// Everything needed to reach one API server as one identity. PEM and tokens are the content, never a path, except token_file.
struct Connection {
  std::string server;  ///< https://host:port[/prefix], no trailing slash
  std::string context;  ///< name of the context, "" in-cluster
  std::string origin;  ///< file that defined the context, or "in-cluster"
  std::string ns = "default";
  std::string ca_pem;  ///< the only ones trusted; empty: libcurl's own
  std::string tls_server_name;
  bool insecure_skip_tls_verify = false;
  std::string client_certificate_pem;
  std::string client_key_pem;
  std::string token;
  std::string token_file;  ///< read again when older than a minute; wins over `token` while readable
  std::string username;
  std::string password;
  std::optional<CredentialPlugin> plugin;  ///< instead of certificate, token, user name and password
  std::optional<OidcLogin> oidc;  ///< beside a certificate; instead of token, user name and password
  Impersonation impersonate;
  std::optional<Proxy> proxy;
  bool disable_compression = false;
};

/// What the command line and the process environment contribute.
struct ConnectionOptions {
  std::optional<std::string> kubeconfig;  ///< --kubeconfig
  std::optional<std::string> context;  ///< --context
  Impersonation impersonate;  ///< --as, --as-uid, --as-group: each replaces the file's
  std::function<std::optional<std::string>(const std::string&)> environment;  ///< getenv; empty: nothing is set
  bool has_terminal = false;  ///< standard input is one that plugins may use
  std::string service_account_folder = "/var/run/secrets/kubernetes.io/serviceaccount";  ///< token, ca.crt, namespace
};

/// Finds, merges, validates and resolves as kubectl does (client-go tools/clientcmd). Throws Error(config) naming file and field.
Connection load_connection(const ConnectionOptions& options);

/// The files looked at, first wins, existing or not: --kubeconfig alone, else $KUBECONFIG, else $HOME/.kube/config.
std::vector<std::string> kubeconfig_paths(const ConnectionOptions& options);

/// Names of context and server that load_connection would use, for a question before a scan; nullopt where there is none.
struct ConnectionTarget {
  std::string context;
  std::string server;
};
std::optional<ConnectionTarget> connection_target(const ConnectionOptions& options);

}  // namespace posture
