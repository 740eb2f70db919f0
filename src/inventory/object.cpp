// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "base/arena.h"
#include "base/hash.h"
#include "base/tree.h"
#include "inventory/redact.h"
#include "posture/inventory.h"

namespace posture {

namespace {

/// Lists of built-in kinds leave apiVersion and kind out of their items; lists of metadata alone name neither.
void add_type(Node& root, const Resource& resource, Arena& arena) {
  const Value object(&root);
  const bool is_named = object["kind"].is_string() && object["apiVersion"].is_string();
  if (is_named && object["kind"].text() != "PartialObjectMetadata") return;
  Member* members = arena.make_array<Member>(object.size() + 2);
  std::size_t count = 0;
  members[count++] = {"apiVersion", text_node(arena.keep(api_version(resource)))};
  members[count++] = {"kind", text_node(arena.keep(resource.kind))};
  for (const Member& member : object.members()) {
    if (member.key != "apiVersion" && member.key != "kind") members[count++] = member;
  }
  root.members = members;
  root.size = static_cast<std::uint32_t>(count);
}

}  // namespace

std::optional<Object> read_object(Node& root, const Resource& resource, Arena& arena) {
  if (root.type != ValueType::map) return std::nullopt;
  add_type(root, resource, arena);
  redact(root, arena);
  const Value value(&root);
  const Value metadata = value["metadata"];
  if (metadata["name"].text().empty()) return std::nullopt;
  const ApiVersion type = parse_api_version(value["apiVersion"].text());
  Object object;
  object.group = type.group;
  object.version = type.version;
  object.kind = value["kind"].text();
  object.ns = metadata["namespace"].text();
  object.name = metadata["name"].text();
  object.root = value;
  return object;
}

std::size_t ObjectNameHash::operator()(const ObjectName& object) const {
  const std::hash<std::string> hash;
  return combined(hash(object.name), hash(object.ns), hash(object.kind));
}

ObjectName name_of(const Object& object) {
  return {std::string(object.ns), std::string(object.group), std::string(object.kind), std::string(object.name),
          std::string(object.version)};
}

}  // namespace posture
