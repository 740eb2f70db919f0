// SPDX-License-Identifier: Apache-2.0
// Every file of kubeconfig-samples/ loads, and means what its comment says; beside kubectl where there is one.
#include "samples.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>
#include <map>

#include "base/base64.h"
#include "base/json.h"
#include "kubeconfig/pem.h"
#include "posture/kubeconfig.h"

using posture::Connection;
using posture::Value;

namespace {

Connection load(const std::string& list) {
  posture::ConnectionOptions options;
  options.environment = [&](const std::string& name) {
    return name == "KUBECONFIG" ? std::optional<std::string>(list) : std::nullopt;
  };
  return posture::load_connection(options);
}

}  // namespace

TEST_CASE("every sample loads") {
  const std::vector<std::string> lists = sample_lists(kSamples);
  CHECK(lists.size() >= 20);
  for (const std::string& list : lists) {
    INFO(list);
    const Connection connection = load(list);
    CHECK(connection.context == "sample");
    CHECK_FALSE(connection.server.empty());
  }
}

TEST_CASE("what the samples mean") {
  const std::string ca = posture::certificates_in(content(kSamples + "pki/ca.crt"));
  const Connection data = load(kSamples + "client-certificate-data.yaml");
  const Connection files = load(kSamples + "client-certificate-files.yaml");
  CHECK(data.ca_pem == ca);
  CHECK(data.ns == "team-a");
  CHECK(data.client_certificate_pem == content(kSamples + "pki/client.crt"));
  CHECK(data.client_key_pem == content(kSamples + "pki/client.key"));
  CHECK(files.ca_pem == data.ca_pem);
  CHECK(files.client_certificate_pem == data.client_certificate_pem);
  CHECK(files.client_key_pem == data.client_key_pem);
  CHECK(load(kSamples + "token.yaml").token == "sample-bearer-token");
  CHECK(load(kSamples + "json.json").token == "sample-bearer-token");
  CHECK(load(kSamples + "token-file.yaml").token_file ==
        std::filesystem::path(kSamples + "pki/token").lexically_normal());

  const Connection eks = load(kSamples + "exec-eks.yaml");
  REQUIRE(eks.plugin.has_value());
  CHECK(eks.plugin->command == "aws");
  CHECK(eks.plugin->arguments.size() == 8);
  CHECK_FALSE(eks.plugin->interactive);

  const Connection oidc = load(kSamples + "oidc.yaml");
  REQUIRE(oidc.oidc.has_value());
  CHECK(oidc.oidc->issuer == "https://login.example.com/realms/company");
  CHECK(oidc.oidc->ca_pem == ca);
  CHECK(oidc.oidc->refresh_token == "sample-refresh-token");

  const Connection proxied = load(kSamples + "proxy-url.yaml");
  REQUIRE(proxied.proxy.has_value());
  CHECK(proxied.proxy->url == "socks5h://bastion.example.com:1080");
  const Connection acting = load(kSamples + "impersonation.yaml");
  CHECK(acting.impersonate.user == "auditor@example.com");
  CHECK(acting.impersonate.groups == std::vector<std::string>{"auditors"});
  CHECK(acting.impersonate.extra.size() == 1);
  CHECK_FALSE(acting.client_key_pem.empty());

  const Connection basic = load(kSamples + "basic-auth.yaml");
  CHECK(basic.username == "reader");
  CHECK(basic.password == "sample-password");
  CHECK(basic.server == "https://proxy.example.com/clusters/blue");

  const Connection insecure = load(kSamples + "insecure.yaml");
  CHECK(insecure.insecure_skip_tls_verify);
  CHECK(insecure.ca_pem.empty());
  CHECK(load(kSamples + "tls-server-name.yaml").tls_server_name == "api.example.com");
  CHECK(load(kSamples + "tls-server-name.yaml").server == "https://[2001:db8::10]:6443");
  CHECK(load(kSamples + "public-ca.yaml").disable_compression);
  CHECK(load(kSamples + "kubectl-proxy.yaml").server == "http://127.0.0.1:8001");

  const Connection merged = load(merge_pair(kSamples));
  CHECK(merged.server == "https://first.example.com:6443");
  CHECK(merged.tls_server_name.empty());
  CHECK(merged.token == "sample-bearer-token");
  CHECK(merged.origin == kSamples + "merge-1-context.yaml");
}

TEST_CASE("what the samples of distributions and clouds mean") {
  const Connection data = load(kSamples + "client-certificate-data.yaml");
  const std::map<std::string, std::string> servers = {
      {"kind.yaml", "https://127.0.0.1:40123"},
      {"k3s.yaml", "https://127.0.0.1:6443"},
      {"aks-local-account.yaml", "https://blue-dns-1a2b3c4d.hcp.westeurope.azmk8s.io:443"}};
  for (const auto& [file, server] : servers) {
    INFO(file);
    const Connection connection = load(kSamples + file);
    CHECK(connection.server == server);
    CHECK(connection.ca_pem == data.ca_pem);
    CHECK(connection.client_certificate_pem == data.client_certificate_pem);
    CHECK(connection.client_key_pem == data.client_key_pem);
    CHECK(connection.token == (file == "aks-local-account.yaml" ? "sample-bearer-token" : ""));
    CHECK_FALSE(connection.plugin.has_value());
  }

  const Connection gke = load(kSamples + "exec-gke.yaml");
  REQUIRE(gke.plugin.has_value());
  CHECK(gke.plugin->command == "gke-gcloud-auth-plugin");
  CHECK(gke.plugin->arguments.empty());
  CHECK(gke.plugin->cluster.find(R"({"server":"https://203.0.113.10","certificate-authority-data":")") == 0);
  CHECK(gke.plugin->install_hint.find("gcloud components install") != std::string::npos);
  CHECK(gke.ca_pem == data.ca_pem);

  const Connection aks = load(kSamples + "exec-aks.yaml");
  REQUIRE(aks.plugin.has_value());
  CHECK(aks.plugin->command == "kubelogin");
  CHECK(aks.plugin->arguments == std::vector<std::string>{"get-token", "--login", "azurecli", "--server-id",
                                                          "00000000-0000-0000-0000-000000000000"});
  CHECK(aks.plugin->variables.empty());
  CHECK(aks.plugin->cluster.empty());

  const Connection openshift = load(kSamples + "openshift.yaml");
  CHECK(openshift.server == "https://api.blue.example.com:6443");
  CHECK(openshift.token == "sha256~sample-token-of-nobody");
  CHECK(openshift.ns == "openshift-config");
  CHECK(openshift.ca_pem.empty());
}

TEST_CASE("the in-cluster sample") {
  posture::ConnectionOptions options;
  options.service_account_folder = kSamples + "in-cluster";
  const std::map<std::string, std::string> variables = {{"KUBERNETES_SERVICE_HOST", "fd00::1"},
                                                        {"KUBERNETES_SERVICE_PORT", "443"}};
  options.environment = [&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  const Connection connection = posture::load_connection(options);
  CHECK(connection.server == "https://[fd00::1]:443");
  CHECK(connection.ns == "posture");
  CHECK(connection.origin == "in-cluster");
  CHECK(connection.context.empty());
  CHECK(connection.token_file == kSamples + "in-cluster/token");
  CHECK(connection.ca_pem == posture::certificates_in(content(kSamples + "pki/ca.crt")));
}

namespace {

std::string decoded(Value value) { return posture::decode_base64(value.text()).value_or("not base64"); }

void compare(const Connection& ours, Value view) {
  const Value cluster = view["clusters"].at(0)["cluster"];
  const Value user = view["users"].at(0)["user"];
  CHECK(ours.context == view["current-context"].text());
  CHECK(cluster["server"].text().substr(0, ours.server.size()) == ours.server);
  CHECK(ours.ca_pem == posture::certificates_in(decoded(cluster["certificate-authority-data"])));
  CHECK(ours.tls_server_name == cluster["tls-server-name"].text());
  CHECK(ours.insecure_skip_tls_verify == cluster["insecure-skip-tls-verify"].boolean());
  CHECK(ours.disable_compression == cluster["disable-compression"].boolean());
  CHECK(ours.client_certificate_pem == decoded(user["client-certificate-data"]));
  CHECK(ours.client_key_pem == decoded(user["client-key-data"]));
  CHECK(ours.token == user["token"].text());
  CHECK(ours.username == user["username"].text());
  CHECK(ours.password == user["password"].text());
  CHECK(ours.impersonate.user == user["as"].text());
  CHECK(ours.impersonate.groups.size() == user["as-groups"].size());
  CHECK(ours.proxy.has_value() == cluster["proxy-url"].present());
  CHECK((ours.plugin ? ours.plugin->arguments.size() : 0) == user["exec"]["args"].size());
  CHECK((ours.plugin ? ours.plugin->command : "") == user["exec"]["command"].text());
  CHECK((ours.plugin ? ours.plugin->api_version : "") == user["exec"]["apiVersion"].text());
  CHECK((ours.plugin && !ours.plugin->cluster.empty()) == user["exec"]["provideClusterInfo"].boolean());
  const std::string_view ns = view["contexts"].at(0)["context"]["namespace"].text();
  CHECK(ours.ns == (ns.empty() ? "default" : ns));
}

}  // namespace

TEST_CASE("kubectl reads the samples as we do") {
  const std::string kubectl = real_kubectl();
  if (kubectl.empty()) {
    std::cerr << "SKIPPED: kubectl is not on this machine, the samples were not compared with it\n";
    return;
  }
  for (const std::string& list : sample_lists(kSamples)) {
    INFO(list);
    const auto view =
        run_command("KUBECONFIG='" + list + "' " + kubectl + " config view --raw --minify --flatten -o json");
    REQUIRE(view.has_value());
    const posture::JsonDocument document(*view, "kubectl");
    compare(load(list), document.root());
  }
}

TEST_CASE("11: kubectl reads merge keys as we do") {
  const std::string kubectl = real_kubectl();
  if (kubectl.empty()) {
    std::cerr << "SKIPPED: kubectl is not on this machine, merge keys were not compared with it\n";
    return;
  }
  std::string folder = (std::filesystem::temp_directory_path() / "posture-merge-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string file = folder + "/config";
  for (const char* user : {"{<<: *base}", "{<<: *base, username: eve}", "{username: eve, <<: *base}",
                           "{<<: [{username: eve}, *base]}", "{<<: [*base, {username: eve}], password: q}"}) {
    INFO(user);
    std::ofstream(file) << "base: &base {username: bob, password: p}\ncurrent-context: c\n"
                           "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
                           "clusters: [{name: k, cluster: {server: 'https://h:1'}}]\nusers: [{name: u, user: "
                        << user << "}]\n";
    const auto view = run_command("KUBECONFIG='" + file + "' " + kubectl + " config view --raw --minify -o json");
    REQUIRE(view.has_value());
    const posture::JsonDocument document(*view, "kubectl");
    compare(load(file), document.root());
  }
  std::filesystem::remove_all(folder);
}
