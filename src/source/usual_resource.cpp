// SPDX-License-Identifier: Apache-2.0
// How Kubernetes names and scopes kinds, where no server can be asked.
#include <algorithm>
#include <array>
#include <string_view>

#include "posture/source.h"

namespace posture {

namespace {

/// Cluster-scoped built-in kinds; all others, and custom ones, count as namespaced.
constexpr std::array<std::string_view, 22> kClusterScoped = {"APIService",
                                                             "CertificateSigningRequest",
                                                             "ClusterRole",
                                                             "ClusterRoleBinding",
                                                             "ClusterTrustBundle",
                                                             "CSIDriver",
                                                             "CSINode",
                                                             "CustomResourceDefinition",
                                                             "FlowSchema",
                                                             "GatewayClass",
                                                             "IngressClass",
                                                             "MutatingWebhookConfiguration",
                                                             "Namespace",
                                                             "Node",
                                                             "PersistentVolume",
                                                             "PriorityClass",
                                                             "PriorityLevelConfiguration",
                                                             "RuntimeClass",
                                                             "StorageClass",
                                                             "ValidatingAdmissionPolicy",
                                                             "ValidatingAdmissionPolicyBinding",
                                                             "ValidatingWebhookConfiguration"};

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

/// apimachinery meta.UnsafeGuessKindToResource, but "gateways".
std::string plural_of(const std::string& kind) {
  std::string name = kind;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  if (name.empty() || name.ends_with("endpoints")) return name;
  if (name.back() == 's') return name + "es";
  if (name.back() != 'y' || (name.size() > 1 && is_vowel(name[name.size() - 2]))) return name + "s";
  name.pop_back();
  return name + "ies";
}

}  // namespace

Resource usual_resource(const std::string& group, const std::string& version, const std::string& kind) {
  const bool namespaced = std::find(kClusterScoped.begin(), kClusterScoped.end(), kind) == kClusterScoped.end();
  return {group, version, plural_of(kind), kind, namespaced};
}

}  // namespace posture
