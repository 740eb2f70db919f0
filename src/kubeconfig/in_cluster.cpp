// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/in_cluster.h"

#include <filesystem>

#include "kubeconfig/config_files.h"
#include "kubeconfig/credentials.h"
#include "kubeconfig/impersonation.h"
#include "kubeconfig/proxy.h"
#include "kubeconfig/server_url.h"
#include "kubeconfig/small_file.h"

namespace posture {
namespace {

constexpr std::size_t kMaxNamespaceBytes = 1024;

std::string mounted(const ConnectionOptions& options, const std::string& name) {
  return options.service_account_folder + "/" + name;
}

}  // namespace

bool in_cluster_possible(const ConnectionOptions& options) {
  std::error_code ignored;
  return !environment_value(options, "KUBERNETES_SERVICE_HOST").empty() &&
         !environment_value(options, "KUBERNETES_SERVICE_PORT").empty() &&
         std::filesystem::is_regular_file(mounted(options, "token"), ignored);
}

std::string in_cluster_server(const ConnectionOptions& options) {
  const std::string host = environment_value(options, "KUBERNETES_SERVICE_HOST");
  const std::string bracketed = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const std::string url = "https://" + bracketed + ":" + environment_value(options, "KUBERNETES_SERVICE_PORT");
  return normal_server_url(url, "KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT");
}

std::string in_cluster_namespace(const ConnectionOptions& options) {
  if (std::string name = environment_value(options, "POD_NAMESPACE"); !name.empty()) return name;
  const std::optional<std::string> file =
      read_small_file(mounted(options, "namespace"), kMaxNamespaceBytes, "namespace");
  const std::string name = trimmed(file.value_or(""));
  return name.empty() ? "default" : name;
}

Connection in_cluster_connection(const ConnectionOptions& options) {
  Connection connection;
  connection.server = in_cluster_server(options);
  connection.origin = "in-cluster";
  connection.ns = in_cluster_namespace(options);
  connection.ca_pem = trusted_certificates(require_small_file(mounted(options, "ca.crt"), kMaxPemBytes, "ca.crt"),
                                           "ca.crt", mounted(options, "ca.crt"));
  connection.token_file = mounted(options, "token");
  require_token_file(connection.token_file);
  connection.impersonate = impersonation({}, options.impersonate, "");
  connection.proxy = environment_proxy(options, connection.server);
  return connection;
}

}  // namespace posture
