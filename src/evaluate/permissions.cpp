// SPDX-License-Identifier: Apache-2.0
#include "posture/permissions.h"

#include <algorithm>
#include <tuple>

#include "evaluate/other_reads.h"
#include "evaluate/plan.h"

namespace posture {

namespace {

constexpr const char* kSecretsPurpose =
    "A scan lists Secrets without their contents, but who may list them may also read them.";

bool rests_on(const CompiledCheck& check, const KindName& kind) {
  const std::vector<KindName>& match = check.check->match;
  const bool is_api_server = std::find(match.begin(), match.end(), KindName{"", kApiServerKind}) != match.end();
  return std::find(match.begin(), match.end(), kind) != match.end() ||
         std::binary_search(check.fact_reads.begin(), check.fact_reads.end(), kind) ||
         (is_api_server && kind == KindName{"", "Pod"});
}

Permission permission_of(const PlannedList& list, const Plan& plan) {
  Permission permission;
  const Resource& resource = list.request.resource;
  permission.access = {"list", resource.group, resource.name, "", list.request.ns, ""};
  for (const CompiledCheck& check : plan.checks) {
    if (rests_on(check, list.kind)) permission.checks.push_back(check.index);
  }
  if (list.kind == kSecret) permission.purpose = kSecretsPurpose;
  return permission;
}

Permission permission_of(const OtherRead& read, const Plan& plan) {
  Permission permission;
  permission.access = {"get", read.group, read.resource, read.name, read.ns, read.path};
  permission.purpose = read.purpose;
  if (!read.api_server) return permission;
  for (const CompiledCheck* check : plan.api_server) permission.checks.push_back(check->index);
  return permission;
}

bool goes_before(const Permission& a, const Permission& b) {
  const auto key = [](const AccessQuestion& access) { return std::tie(access.ns, access.group, access.resource); };
  return key(a.access) < key(b.access);
}

}  // namespace

Discovery usual_discovery(const Catalog& catalog) {
  Discovery discovery;
  for (const KindName& kind : needed_kinds(compile_checks(catalog))) {
    discovery.resources.push_back(usual_resource(kind.group, "", kind.kind));
  }
  return discovery;
}

std::vector<Permission> permissions_needed(const Catalog& catalog, const Discovery& discovery, const Scope& scope) {
  const Plan plan = make_plan(catalog, discovery, scope, true);
  std::vector<Permission> permissions;
  for (const std::vector<PlannedList>& lists : plan.waves) {
    for (const PlannedList& list : lists) permissions.push_back(permission_of(list, plan));
  }
  std::sort(permissions.begin(), permissions.end(), goes_before);
  if (!scope.namespaces.empty()) return permissions;
  for (const OtherRead& read : kOtherReads) {
    if (!read.api_server || !plan.api_server.empty()) permissions.push_back(permission_of(read, plan));
  }
  return permissions;
}

}  // namespace posture
