// SPDX-License-Identifier: Apache-2.0
// One kubeconfig file as typed values: what it says, checked for form, not yet for meaning.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kubeconfig/auth_provider.h"
#include "kubeconfig/plugin_entry.h"
#include "posture/kubeconfig.h"

namespace posture {

inline constexpr std::size_t kMaxKubeconfigBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kMaxKubeconfigEntries = 10'000;  ///< clusters, users or contexts of one file

/// Where an entry stands: paths in it are relative to the folder of `file`.
struct Origin {
  std::string file;   ///< as it was named
  std::string place;  ///< "file:line:column"
};

struct ClusterEntry {
  Origin origin;
  std::string server;
  std::string tls_server_name;
  bool insecure_skip_tls_verify = false;
  std::string certificate_authority;       ///< path, made absolute
  std::string certificate_authority_data;  ///< decoded
  bool disable_compression = false;
  std::string proxy_url;
  std::string plugin_config;  ///< JSON: what plugins are told about this cluster; "" for nothing
};

struct UserEntry {
  Origin origin;
  std::string client_certificate;  ///< path, made absolute, as all paths here
  std::string client_certificate_data;
  std::string client_key;
  std::string client_key_data;
  std::string token;
  std::string token_file;
  std::string username;
  std::string password;
  std::optional<PluginEntry> plugin;  ///< `exec`
  std::optional<AuthProviderEntry> auth_provider;
  Impersonation impersonate;
};

struct ContextEntry {
  Origin origin;
  std::string cluster;
  std::string user;
  std::string ns;
};

/// A kubeconfig file, or several merged into one.
struct Kubeconfig {
  std::string current_context;
  std::map<std::string, ClusterEntry> clusters;
  std::map<std::string, UserEntry> users;
  std::map<std::string, ContextEntry> contexts;
};

/// Reads the text of a kubeconfig with client-go's strictness: types must fit, names be unique, base64 decode,
/// apiVersion and kind be those of a kubeconfig or absent. Unknown fields are ignored. Throws Error(config) naming
/// file, line and field.
Kubeconfig parse_kubeconfig(const std::string& text, const std::string& file);

}  // namespace posture
