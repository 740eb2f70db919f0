// SPDX-License-Identifier: Apache-2.0
// Permissions as the manifests that grant them.
#include <algorithm>
#include <map>

#include "base/json.h"
#include "posture/permissions.h"

namespace posture {

namespace {

constexpr const char* kName = "kube-posture-scanner";
constexpr const char* kApi = "rbac.authorization.k8s.io";

/// A YAML scalar: plain where that cannot be misread.
std::string scalar(const std::string& text) {
  const bool plain =
      !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-./") == std::string::npos &&
      (text.front() == '/' || (text.front() >= 'a' && text.front() <= 'z')) && text != "null" && text != "true" &&
      text != "false" && text != "yes" && text != "no" && text != "on" && text != "off" && text != "y" && text != "n";
  if (plain) return text;
  std::string quoted;
  write_json_string(text, quoted);
  return quoted;
}

std::string comma_joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + scalar(word);
  return out;
}

std::string head(const std::string& api, const std::string& kind, const std::string& name, const std::string& ns) {
  return "apiVersion: " + api + "\nkind: " + kind + "\nmetadata:\n  name: " + scalar(name) + "\n" +
         (ns.empty() ? "" : "  namespace: " + scalar(ns) + "\n");
}

/// One rule for all resources of a group that are listed.
void write_lists(const std::vector<const Permission*>& permissions, std::string& out) {
  std::map<std::string, std::vector<std::string>> groups;
  for (const Permission* permission : permissions) {
    const AccessQuestion& access = permission->access;
    if (permission->purpose.empty()) groups[access.group].push_back(access.resource);
  }
  for (const auto& [group, resources] : groups) {
    out +=
        "  - apiGroups: [" + scalar(group) + "]\n    resources: [" + comma_joined(resources) + "]\n    verbs: [list]\n";
  }
}

void write_single(const Permission& permission, std::string& out) {
  const AccessQuestion& access = permission.access;
  out += "  # " + permission.purpose + "\n";
  if (!access.path.empty()) {
    out += "  - nonResourceURLs: [" + scalar(access.path) + "]\n";
  } else {
    out += "  - apiGroups: [" + scalar(access.group) + "]\n    resources: [" + scalar(access.resource) + "]\n" +
           (access.name.empty() ? "" : "    resourceNames: [" + scalar(access.name) + "]\n");
  }
  out += "    verbs: [" + scalar(access.verb) + "]\n";
}

std::string role(const std::vector<const Permission*>& permissions, const std::string& ns) {
  std::string out = head(std::string(kApi) + "/v1", ns.empty() ? "ClusterRole" : "Role", kName, ns) + "rules:\n";
  write_lists(permissions, out);
  for (const Permission* permission : permissions) {
    if (!permission->purpose.empty()) write_single(*permission, out);
  }
  return out;
}

std::string binding(const std::string& ns, const ServiceAccountName& account) {
  const std::string kind = ns.empty() ? "ClusterRole" : "Role";
  return head(std::string(kApi) + "/v1", kind + "Binding", kName, ns) + "roleRef:\n  apiGroup: " + kApi +
         "\n  kind: " + kind + "\n  name: " + kName +
         "\nsubjects:\n  - kind: ServiceAccount\n    name: " + scalar(account.name) +
         "\n    namespace: " + scalar(account.ns) + "\n";
}

}  // namespace

std::string role_yaml(const std::vector<Permission>& permissions, const Scope& scope,
                      const ServiceAccountName* account) {
  std::vector<std::string> documents;
  if (account != nullptr) {
    documents.push_back(head("v1", "Namespace", account->ns, ""));
    documents.push_back(head("v1", "ServiceAccount", account->name, account->ns) +
                        "automountServiceAccountToken: false\n");
  }
  std::vector<std::string> places = scope.namespaces;
  if (places.empty()) places.emplace_back();
  for (const std::string& ns : places) {
    std::vector<const Permission*> here;
    for (const Permission& permission : permissions) {
      if (ns.empty() || permission.access.ns == ns) here.push_back(&permission);
    }
    documents.push_back(role(here, ns));
    if (account != nullptr) documents.push_back(binding(ns, *account));
  }
  std::string out;
  for (const std::string& document : documents) out += (out.empty() ? "" : "---\n") + document;
  return out;
}

}  // namespace posture
