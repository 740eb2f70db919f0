// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "analysis/network_policy.h"
#include "posture/analysis.h"

namespace posture {

namespace {

void add_service_account(const Object& account, Facts& facts) {
  const Value automount = account.root["automountServiceAccountToken"];
  facts.automount[{std::string(account.ns), std::string(account.name)}] =
      automount.is(ValueType::boolean) ? std::optional<bool>(automount.boolean()) : std::nullopt;
}

void add_binding(const Object& binding, Facts& facts) {
  if (binding.root["subjects"].size() == 0) return;
  const Value role = binding.root["roleRef"];
  const std::string_view kind = role["kind"].text();
  facts.bound_roles.emplace(kind, kind == "ClusterRole" ? std::string_view() : binding.ns, role["name"].text());
}

void add_workload(const Object& object, Facts& facts) {
  const std::optional<Workload> pod = workload(object);
  if (!pod) return;
  facts.owners.add(object);
  if (std::optional<ApiServer> server = api_server_from_pod(object, *pod))
    facts.api_servers.push_back(std::move(*server));
}

struct Collector {
  std::string_view group;
  std::string_view kind;
  void (*add)(const Object& object, Facts& facts);
};
constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
constexpr Collector kCollectors[] = {
    {"networking.k8s.io", "NetworkPolicy", add_network_policy},
    {"", "ServiceAccount", add_service_account},
    {kRbac, "RoleBinding", add_binding},
    {kRbac, "ClusterRoleBinding", add_binding},
};

const Collector* find_collector(std::string_view group, std::string_view kind) {
  const auto* found = std::find_if(std::begin(kCollectors), std::end(kCollectors),
                                   [&](const Collector& row) { return row.kind == kind && row.group == group; });
  return found == std::end(kCollectors) ? nullptr : found;
}

}  // namespace

bool feeds_facts(const KindName& kind) {
  return find_collector(kind.group, kind.kind) != nullptr || has_pod_template(kind.group, kind.kind);
}

void Facts::add(const Object& object) {
  const Collector* collector = find_collector(object.group, object.kind);
  collector == nullptr ? add_workload(object, *this) : collector->add(object, *this);
}

void Facts::merge(const Facts& other) {
  for (const auto& [ns, added] : other.isolation) {
    Isolation& mine = isolation[ns];
    mine.isolates_ingress |= added.isolates_ingress;
    mine.isolates_egress |= added.isolates_egress;
    mine.allows_all_ingress |= added.allows_all_ingress;
    mine.allows_all_egress |= added.allows_all_egress;
  }
  automount.insert(other.automount.begin(), other.automount.end());
  bound_roles.insert(other.bound_roles.begin(), other.bound_roles.end());
  api_servers.insert(api_servers.end(), other.api_servers.begin(), other.api_servers.end());
  std::sort(api_servers.begin(), api_servers.end(),
            [](const ApiServer& a, const ApiServer& b) { return a.name < b.name; });
  owners.merge(other.owners);
}

}  // namespace posture
