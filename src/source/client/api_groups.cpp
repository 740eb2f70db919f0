// SPDX-License-Identifier: Apache-2.0
#include "source/client/api_groups.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"

namespace posture {
namespace {

bool holds_text(Value list, std::string_view text) {
  return std::any_of(list.elements().begin(), list.elements().end(),
                     [&](const Node& node) { return Value(&node).text() == text; });
}

std::string text(Value value) { return std::string(value.text()); }

GroupVersion aggregated_version(const std::string& group, Value value) {
  GroupVersion version{group, text(value["version"]), {}, value["freshness"].text() == "Stale"};
  for (const Node& node : value["resources"].elements()) {
    const Value resource(&node);
    const std::string kind = text(resource["responseKind"]["kind"]);
    if (kind.empty() || !holds_text(resource["verbs"], "list")) continue;
    version.resources.push_back(
        {group, version.version, text(resource["resource"]), kind, resource["scope"].text() == "Namespaced"});
  }
  return version;
}

/// The preferred version goes first, the others keep their order.
std::vector<std::string> ordered_versions(Value group) {
  std::vector<std::string> versions = {text(group["preferredVersion"]["version"])};
  for (const Node& node : group["versions"].elements()) {
    const std::string version = text(Value(&node)["version"]);
    if (version != versions.front()) versions.push_back(version);
  }
  if (versions.front().empty()) versions.erase(versions.begin());
  return versions;
}

}  // namespace

bool is_aggregated_discovery(std::string_view content_type) {
  const auto has = [&](std::string_view parameter) { return content_type.find(parameter) != std::string_view::npos; };
  return has("g=apidiscovery.k8s.io") && has("as=APIGroupDiscoveryList");
}

std::optional<std::vector<GroupVersion>> read_aggregated(const std::string& body) {
  JsonParser parser;
  const Value root(parser.parse_copy(body));
  if (root["kind"].text() != "APIGroupDiscoveryList") return std::nullopt;
  std::vector<GroupVersion> versions;
  for (const Node& node : root["items"].elements()) {
    const Value group(&node);
    for (const Node& version : group["versions"].elements()) {
      versions.push_back(aggregated_version(text(group["metadata"]["name"]), Value(&version)));
    }
  }
  return versions;
}

std::optional<std::vector<GroupVersion>> read_versions(const std::string& body) {
  JsonParser parser;
  const Value root(parser.parse_copy(body));
  std::vector<GroupVersion> versions;
  if (root["kind"].text() == "APIVersions") {
    for (const Node& node : root["versions"].elements()) versions.push_back({"", text(Value(&node)), {}, false});
    return versions;
  }
  if (root["kind"].text() != "APIGroupList") return std::nullopt;
  for (const Node& node : root["groups"].elements()) {
    const std::string group = text(Value(&node)["name"]);
    for (std::string& version : ordered_versions(Value(&node)))
      versions.push_back({group, std::move(version), {}, false});
  }
  return versions;
}

bool read_resources(const std::string& body, GroupVersion& version) {
  JsonParser parser;
  const Value root(parser.parse_copy(body));
  if (root["kind"].text() != "APIResourceList") return false;
  for (const Node& node : root["resources"].elements()) {
    const Value resource(&node);
    const std::string name = text(resource["name"]);
    if (name.find('/') != std::string::npos || !holds_text(resource["verbs"], "list")) continue;
    version.resources.push_back(
        {version.group, version.version, name, text(resource["kind"]), resource["namespaced"].boolean()});
  }
  return true;
}

std::vector<Resource> preferred_resources(const std::vector<GroupVersion>& versions) {
  std::vector<Resource> resources;
  std::set<std::pair<std::string, std::string>> seen;
  for (const GroupVersion& version : versions) {
    if (version.stale) continue;
    for (const Resource& resource : version.resources) {
      if (seen.emplace(resource.group, resource.name).second) resources.push_back(resource);
    }
  }
  return resources;
}

}  // namespace posture
