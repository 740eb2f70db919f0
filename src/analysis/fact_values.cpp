// SPDX-License-Identifier: Apache-2.0
// The table of facts: name, type, the reads it rests on, and how it is answered.
#include "posture/analysis.h"

namespace posture {

namespace {

const KindName kNetworkPolicy = {"networking.k8s.io", "NetworkPolicy"};
const KindName kServiceAccount = {"", "ServiceAccount"};
const KindName kRoleBinding = {"rbac.authorization.k8s.io", "RoleBinding"};
const KindName kClusterRoleBinding = {"rbac.authorization.k8s.io", "ClusterRoleBinding"};

/// Unknown when the list is not whole, with the gap as the reason. In a file set what is there counts, what is absent does not.
std::optional<cel::Datum> unless_read(const Reads::Result& read, bool found, std::optional<std::uint32_t>& gap) {
  if (read.answer == Reads::Answer::whole || (found && read.answer == Reads::Answer::open)) return std::nullopt;
  gap = read.gap;
  return cel::Datum::unknown("what it rests on was not read");
}

cel::Datum default_deny(const FactQuery& query, std::optional<std::uint32_t>& gap, bool ingress) {
  const auto found = query.facts.isolation.find(query.object.name);
  const Facts::Isolation isolation = found == query.facts.isolation.end() ? Facts::Isolation{} : found->second;
  const bool isolates = ingress ? isolation.isolates_ingress : isolation.isolates_egress;
  const bool allows = ingress ? isolation.allows_all_ingress : isolation.allows_all_egress;
  if (const auto unknown = unless_read(query.reads.look_up(kNetworkPolicy, query.object.name), isolates || allows, gap))
    return *unknown;
  return cel::Datum::boolean(isolates && !allows);
}

cel::Datum default_deny_ingress(const FactQuery& query, std::optional<std::uint32_t>& gap) {
  return default_deny(query, gap, true);
}
cel::Datum default_deny_egress(const FactQuery& query, std::optional<std::uint32_t>& gap) {
  return default_deny(query, gap, false);
}

cel::Datum automount_token(const FactQuery& query, std::optional<std::uint32_t>& gap) {
  const Value spec = query.workload == nullptr ? Value() : query.workload->spec;
  std::string name(spec["serviceAccountName"].text());
  if (name.empty()) name = spec["serviceAccount"].text();
  if (name.empty()) name = "default";
  const auto found = query.facts.automount.find({std::string(query.object.ns), name});
  const bool known = found != query.facts.automount.end();
  if (const auto unknown = unless_read(query.reads.look_up(kServiceAccount, query.object.ns), known, gap))
    return *unknown;
  const std::optional<bool> setting = known ? found->second : std::nullopt;
  return setting ? cel::Datum::some(cel::Datum::boolean(*setting), query.scratch) : cel::Datum::none();
}

cel::Datum role_bound(const FactQuery& query, std::optional<std::uint32_t>& gap) {
  const Object& role = query.object;
  const bool is_cluster_role = role.kind == "ClusterRole";
  if (query.facts.bound_roles.contains({std::string(role.kind), std::string(role.ns), std::string(role.name)})) {
    return cel::Datum::boolean(true);
  }
  if (const auto unknown = unless_read(query.reads.look_up(kRoleBinding, query.object.ns), false, gap)) return *unknown;
  if (is_cluster_role) {
    if (const auto unknown = unless_read(query.reads.look_up(kClusterRoleBinding, ""), false, gap)) return *unknown;
  }
  return cel::Datum::boolean(false);
}

const cel::Type kBool = {cel::TypeKind::boolean, {}};
const cel::Type kOptionalBool = {cel::TypeKind::optional, {kBool}};

const FactDeclaration kFacts[] = {
    {"facts.namespace.defaultDenyIngress", kBool, {kNetworkPolicy}, default_deny_ingress},
    {"facts.namespace.defaultDenyEgress", kBool, {kNetworkPolicy}, default_deny_egress},
    {"facts.serviceAccount.automountToken", kOptionalBool, {kServiceAccount}, automount_token},
    {"facts.role.bound", kBool, {kRoleBinding, kClusterRoleBinding}, role_bound},
};

}  // namespace

std::span<const FactDeclaration> fact_declarations() { return kFacts; }

}  // namespace posture
