// SPDX-License-Identifier: Apache-2.0
#include "posture/permissions.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/yaml.h"
#include "posture/catalog.h"

namespace posture {
namespace {

std::vector<std::string> questions(const std::vector<Permission>& permissions) {
  std::vector<std::string> texts;
  for (const Permission& permission : permissions) texts.push_back(to_string(permission.access));
  return texts;
}

bool holds(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

const Permission& find(const std::vector<Permission>& permissions, const std::string& question) {
  for (const Permission& permission : permissions) {
    if (to_string(permission.access) == question) return permission;
  }
  FAIL("no permission to " << question);
  return permissions.front();
}

bool costs(const Permission& permission, const Catalog& catalog, const std::string& check) {
  return std::any_of(permission.checks.begin(), permission.checks.end(),
                     [&](std::uint32_t index) { return catalog.checks[index].id == check; });
}

}  // namespace

TEST_CASE("a role for a service account comes with the account and its binding") {
  const Catalog catalog = builtin_catalog();
  const ServiceAccountName account{"kube-posture", "scanner"};
  const std::string yaml = role_yaml(permissions_needed(catalog, usual_discovery(catalog), {}), {}, &account);
  const std::vector<YamlDocument> documents = parse_yaml(yaml, "role");
  std::vector<std::string> kinds;
  for (const YamlDocument& document : documents) kinds.push_back(std::string(document.root()["kind"].text()));
  CHECK(kinds == std::vector<std::string>{"Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding"});
  const Value subject = documents.back().root()["subjects"].at(0);
  CHECK(subject["name"].text() == "scanner");
  CHECK(subject["namespace"].text() == "kube-posture");
  CHECK(documents.back().root()["roleRef"]["name"].text() == documents[2].root()["metadata"]["name"].text());
}

TEST_CASE("a permission knows the checks that rest on it") {
  const Catalog catalog = builtin_catalog();
  const std::vector<Permission> permissions = permissions_needed(catalog, usual_discovery(catalog), {});
  CHECK(costs(find(permissions, "list pods"), catalog, "privileged-container"));
  CHECK_FALSE(costs(find(permissions, "list services"), catalog, "privileged-container"));
  CHECK_FALSE(find(permissions, "get /flagz").checks.empty());
  CHECK(find(permissions, "get namespaces kube-system").checks.empty());
  const Permission& policies = find(permissions, "list networkpolicies.networking.k8s.io");
  CHECK_FALSE(policies.checks.empty());  // through the facts that checks of namespaces ask
}

TEST_CASE("a scan of namespaces needs nothing outside them") {
  const Catalog catalog = builtin_catalog();
  const Scope scope{{"shop"}};
  const std::vector<Permission> permissions = permissions_needed(catalog, usual_discovery(catalog), scope);
  for (const Permission& permission : permissions) CHECK(permission.access.ns == "shop");
  CHECK(holds(questions(permissions), "list pods in namespace shop"));
  CHECK_FALSE(holds(questions(permissions), "list clusterroles.rbac.authorization.k8s.io in namespace shop"));
  const std::string yaml = role_yaml(permissions, {{"shop", "true"}}, nullptr);
  CHECK(yaml.find("kind: ClusterRole") == std::string::npos);
  const std::vector<YamlDocument> documents = parse_yaml(yaml, "role");
  REQUIRE(documents.size() == 2);
  CHECK(documents[0].root()["metadata"]["namespace"].text() == "shop");
  CHECK(documents[1].root()["metadata"]["namespace"].text() == "true");
}

TEST_CASE("kinds get the names that Kubernetes gives them") {
  const std::vector<std::pair<std::string, std::string>> rows = {{"Pod", "pods"},
                                                                 {"NetworkPolicy", "networkpolicies"},
                                                                 {"Ingress", "ingresses"},
                                                                 {"StorageClass", "storageclasses"},
                                                                 {"Endpoints", "endpoints"},
                                                                 {"Gateway", "gateways"},
                                                                 {"CSIDriver", "csidrivers"}};
  for (const auto& [kind, name] : rows) CHECK(usual_resource("", "v1", kind).name == name);
  CHECK(usual_resource("", "v1", "Pod").namespaced);
  CHECK_FALSE(usual_resource("", "v1", "Node").namespaced);
}

}  // namespace posture
