// SPDX-License-Identifier: Apache-2.0
// Discovery documents as plain data, whatever form they came in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "posture/source.h"

namespace posture {

/// One version of an API group.
struct GroupVersion {
  std::string group;  ///< "" is the core group
  std::string version;
  std::vector<Resource> resources;  ///< listable ones
  bool stale = false;               ///< the server behind it does not answer
};

/// Whether a Content-Type is that of aggregated discovery; parameters may come in any order.
bool is_aggregated_discovery(std::string_view content_type);

/// The versions in an APIGroupDiscoveryList, the preferred one of each group first; nullopt when it is none.
std::optional<std::vector<GroupVersion>> read_aggregated(const std::string& body);

/// Versions without resources: of an APIVersions document (the core group) or an APIGroupList. nullopt when it is none.
std::optional<std::vector<GroupVersion>> read_versions(const std::string& body);

/// Fills `version.resources` from an APIResourceList; false when it is none.
bool read_resources(const std::string& body, GroupVersion& version);

/// Each group-resource once, from the first version that has it and is not stale.
std::vector<Resource> preferred_resources(const std::vector<GroupVersion>& versions);

}  // namespace posture
