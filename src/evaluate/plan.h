// SPDX-License-Identifier: Apache-2.0
// What is read in which order, and which checks judge it: computed from the checks, never declared.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "evaluate/compile.h"
#include "posture/evaluate.h"

namespace posture {

/// One list of a wave, and who judges its items.
struct PlannedList {
  ListRequest request;
  KindName kind;
};

struct Plan {
  std::vector<CompiledCheck> checks;                              ///< in scope
  std::map<KindName, std::vector<const CompiledCheck*>> by_kind;  ///< in scope, per kind they match
  std::vector<const CompiledCheck*> api_server;                   ///< those that match the pseudo-object
  std::vector<std::vector<PlannedList>> waves;  ///< a wave's facts are complete before the next begins
  std::map<KindName, Gap> unreadable;  ///< needed kinds that cannot be listed
  std::vector<Gap> unknown_groups;  ///< API groups that could not be discovered, and of which no check asks a kind
  std::vector<KindName> unlisted;  ///< needed kinds of which a set of manifests has none
  std::set<KindName> fact_kinds;  ///< kinds whose absence is asked about
  /// Indexes of the checks that ask for the contents of Secrets, for which no cluster is asked.
  std::vector<std::uint32_t> content_checks;
  std::size_t check_count = 0;  ///< of the catalogue: checks are known by their index in it
};

/// Read only on request, and then as metadata.
inline const KindName kSecret = {"", "Secret"};

/// The kinds that make_plan lists, given that they are served.
std::set<KindName> needed_kinds(const std::vector<CompiledCheck>& checks);

/// Throws Error(input) when checks wait for each other's kinds in a circle.
Plan make_plan(const Catalog& catalog, const Discovery& discovery, const Scope& scope, bool whole_cluster);

}  // namespace posture
