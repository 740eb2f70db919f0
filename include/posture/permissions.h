// SPDX-License-Identifier: Apache-2.0
// What an identity must be allowed for a scan: computed from the checks, never declared.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "posture/catalog.h"
#include "posture/evaluate.h"
#include "posture/source.h"

namespace posture {

/// One kind of read that a scan makes, and what rests on it.
struct Permission {
  AccessQuestion access;              ///< in the namespace of the scope, or in all
  std::vector<std::uint32_t> checks;  ///< indexes in Catalog::checks that are not assessed without it, ascending
  std::string purpose;                ///< a remark; of single objects and paths: why they are read
};

/// The kinds that the catalogue needs, under the names that Kubernetes' own rule gives them: for a role without a server at hand.
Discovery usual_discovery(const Catalog& catalog);

/// What a scan of this scope reads that not every authenticated user may read anyway, sorted by group, resource and namespace; single
/// objects and paths last. Kinds that `discovery` does not have are left out.
std::vector<Permission> permissions_needed(const Catalog& catalog, const Discovery& discovery, const Scope& scope);

/// A service account that is to have the role.
struct ServiceAccountName {
  std::string ns;
  std::string name;
};

/// YAML of the least role: one ClusterRole, or a Role for each namespace of the scope. With an account also its namespace, itself and
/// the bindings.
std::string role_yaml(const std::vector<Permission>& permissions, const Scope& scope,
                      const ServiceAccountName* account);

}  // namespace posture
