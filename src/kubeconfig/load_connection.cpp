// SPDX-License-Identifier: Apache-2.0
// Chooses context, cluster and user, or the in-cluster identity (client-go tools/clientcmd/client_config.go).
#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "kubeconfig/auth_provider.h"
#include "kubeconfig/config_files.h"
#include "kubeconfig/credentials.h"
#include "kubeconfig/impersonation.h"
#include "kubeconfig/in_cluster.h"
#include "kubeconfig/plugin.h"
#include "kubeconfig/proxy.h"
#include "kubeconfig/server_url.h"
#include "kubeconfig/system_roots.h"
#include "posture/error.h"
#include "posture/kubeconfig.h"

namespace posture {
namespace {

constexpr std::size_t kNamesShown = 8;

std::string in_quotes(const std::string& name) { return "\"" + printable(name, 100) + "\""; }

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string known_contexts(const Kubeconfig& config) {
  std::vector<std::string> names;
  for (const auto& [name, context] : config.contexts) {
    if (names.size() == kNamesShown) return joined(names) + ", …";
    names.push_back(printable(name, 100));
  }
  return names.empty() ? "there is none" : "there are: " + joined(names);
}

/// Which entries of the merged files a run uses. Borrowed from the Kubeconfig.
struct Choice {
  std::string name;
  const ContextEntry* context = nullptr;
  const ClusterEntry* cluster = nullptr;
  const UserEntry* user = nullptr;  // null: the context names none
};

/// --context, else current-context; "" when neither is set.
std::string chosen_name(const Kubeconfig& config, const ConnectionOptions& options) {
  return options.context && !options.context->empty() ? *options.context : config.current_context;
}

template <typename Entry>
const Entry& referenced(const std::map<std::string, Entry>& entries, const std::string& name, const char* what,
                        const Choice& choice) {
  const auto found = entries.find(name);
  if (found != entries.end()) return found->second;
  const std::string names =
      name.empty() ? std::string("names no ") + what
                   : std::string("names ") + what + " " + in_quotes(name) + ", which no loaded file defines";
  throw Error(ErrorKind::config, "context " + in_quotes(choice.name) + " " + names, choice.context->origin.place);
}

Choice choose(const Kubeconfig& config, const ConnectionOptions& options) {
  Choice choice;
  choice.name = chosen_name(config, options);
  const auto found = config.contexts.find(choice.name);
  if (found == config.contexts.end()) {
    const bool by_flag = options.context && !options.context->empty();
    throw Error(ErrorKind::config,
                std::string(by_flag ? "--context" : "current-context") + ": no context " + in_quotes(choice.name) +
                    " (" + known_contexts(config) + ")",
                joined(kubeconfig_paths(options)));
  }
  choice.context = &found->second;
  choice.cluster = &referenced(config.clusters, choice.context->cluster, "cluster", choice);
  if (!choice.context->user.empty()) choice.user = &referenced(config.users, choice.context->user, "user", choice);
  return choice;
}

[[noreturn]] void refuse_nothing_chosen(const Kubeconfig& config, const ConnectionOptions& options) {
  const std::vector<std::string> paths = kubeconfig_paths(options);
  if (!config.contexts.empty()) {
    throw Error(ErrorKind::config,
                "no context is chosen: current-context is not set; pass --context (" + known_contexts(config) + ")",
                joined(paths));
  }
  const std::string looked = paths.empty() ? "neither KUBECONFIG nor HOME is set" : "looked at " + joined(paths);
  throw Error(ErrorKind::config,
              "no cluster is configured (" + looked + ", and not in a pod); pass --kubeconfig or set KUBECONFIG");
}

/// An empty kubeconfig falls back to the pod's identity; one that means something does not.
bool use_in_cluster(const Kubeconfig& config, const ConnectionOptions& options) {
  if (!chosen_name(config, options).empty()) return false;
  if (!in_cluster_possible(options)) refuse_nothing_chosen(config, options);
  return true;
}

std::string chosen_namespace(const ContextEntry& context, const ConnectionOptions& options) {
  if (!context.ns.empty()) return context.ns;
  return in_cluster_possible(options) ? in_cluster_namespace(options) : "default";
}

/// Token, user name and password silence the provider, a client certificate does not (client-go's oidc.go).
void apply_auth_provider(const AuthProviderEntry& entry, const Choice& choice, const ConnectionOptions& options,
                         Connection& connection) {
  const UserEntry& user = *choice.user;
  if (user.plugin) {
    throw Error(ErrorKind::config,
                "user " + in_quotes(choice.context->user) + " has both exec and auth-provider; keep one",
                user.origin.place);
  }
  OidcLogin login = oidc_login(entry, choice.context->user, options);
  const bool silenced = !user.token.empty() || !user.token_file.empty() || !user.username.empty();
  if (!silenced) connection.oidc = std::move(login);
}

void apply_choice(const Choice& choice, const ConnectionOptions& options, Connection& connection) {
  const UserEntry& user = *choice.user;
  if (user.plugin) check_plugin(*user.plugin, choice.context->user);
  const bool has_credentials = apply_user(user, choice.context->user, connection);
  if (user.auth_provider) apply_auth_provider(*user.auth_provider, choice, options, connection);
  if (!has_credentials && user.plugin) connection.plugin = plugin_of(*user.plugin, *choice.cluster, options);
  connection.impersonate = impersonation(user.impersonate, options.impersonate, user.origin.place);
}

/// Whether there is a certificate to verify: the server's, or that of the proxy before a plain http:// server.
bool verifies(const Connection& connection) {
  const bool tls =
      !is_plain_http(connection.server) || (connection.proxy && connection.proxy->url.starts_with("https://"));
  return tls && !connection.insecure_skip_tls_verify;
}

Connection connection_of(const Choice& choice, const ConnectionOptions& options) {
  const ClusterEntry& cluster = *choice.cluster;
  Connection connection;
  connection.context = choice.name;
  connection.origin = choice.context->origin.file;
  connection.ns = chosen_namespace(*choice.context, options);
  apply_cluster(cluster, choice.context->cluster, connection);
  connection.proxy = cluster.proxy_url.empty() ? environment_proxy(options, connection.server)
                                               : kubeconfig_proxy(cluster.proxy_url, cluster.origin.place);
  if (connection.ca_pem.empty() && verifies(connection)) connection.ca_pem = system_roots(options);
  if (choice.user != nullptr) {
    apply_choice(choice, options, connection);
  } else if (is_plain_http(connection.server)) {
    connection.impersonate = impersonation({}, options.impersonate, "");
  } else {
    throw Error(ErrorKind::config, "context " + in_quotes(choice.name) + " names no user, so there are no credentials",
                choice.context->origin.place);
  }
  return connection;
}

}  // namespace

Connection load_connection(const ConnectionOptions& options) {
  const Kubeconfig config = load_kubeconfig(options);
  if (use_in_cluster(config, options)) return in_cluster_connection(options);
  return connection_of(choose(config, options), options);
}

std::optional<ConnectionTarget> connection_target(const ConnectionOptions& options) {
  const Kubeconfig config = load_kubeconfig(options);
  if (!chosen_name(config, options).empty()) {
    const Choice choice = choose(config, options);
    return ConnectionTarget{choice.name, normal_server_url(choice.cluster->server, choice.cluster->origin.place)};
  }
  if (in_cluster_possible(options)) return ConnectionTarget{"", in_cluster_server(options)};
  return std::nullopt;
}

}  // namespace posture
