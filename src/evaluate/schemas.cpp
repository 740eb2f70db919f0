// SPDX-License-Identifier: Apache-2.0
// OpenAPI v3 documents of a cluster as answers to one question: can there be such a field?
#include <algorithm>
#include <array>

#include "base/json.h"
#include "posture/cel.h"
#include "posture/error.h"
#include "posture/lint.h"

namespace posture {

namespace {

constexpr std::string_view kReference = "#/components/schemas/";
constexpr std::string_view kKindKey = "x-kubernetes-group-version-kind";
constexpr std::size_t kMaxReferences = 32;  // in a row: more is a circle
constexpr std::array<std::string_view, 3> kAlternatives = {"allOf", "anyOf", "oneOf"};

Schema follow(Schema schema) {
  for (std::size_t i = 0; i < kMaxReferences; ++i) {
    const std::string_view reference = schema.node["$ref"].text();
    const Value all = schema.node["allOf"];
    if (reference.starts_with(kReference)) {
      schema.node = schema.components[reference.substr(kReference.size())];
    } else if (all.size() == 1 && !schema.node["properties"].present()) {
      schema.node = all.at(0);  // a reference with a default or description beside it
    } else {
      break;
    }
  }
  return schema;
}

bool is_embedded_field(Value node, std::string_view field) {
  return node["x-kubernetes-embedded-resource"].boolean() &&
         (field == "apiVersion" || field == "kind" || field == "metadata");
}

/// Data that no schema describes.
bool is_open(Value node) {
  const std::string_view type = node["type"].text();
  if (node["x-kubernetes-preserve-unknown-fields"].boolean() || node["additionalProperties"].boolean()) return true;
  const bool has_alternatives = std::any_of(kAlternatives.begin(), kAlternatives.end(),
                                            [&](std::string_view key) { return node[key].present(); });
  if (type.empty()) return !has_alternatives && !node["properties"].present();
  return type == "object" && !node["properties"].present() && !node["additionalProperties"].present() &&
         !has_alternatives;
}

std::optional<Schema> in_alternatives(const Schema& schema, std::string_view field) {
  for (const std::string_view key : kAlternatives) {
    for (const Node& part : schema.node[key].elements()) {
      const Schema alternative = {Value(&part), schema.components};
      if (!follow(alternative).node["properties"].present()) continue;
      if (std::optional<Schema> found = field_schema(alternative, field)) return found;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Schema> field_schema(const Schema& from, std::string_view field) {
  const Schema schema = follow(from);
  const Value node = schema.node;
  if (field == cel::kElement && !node["items"].present()) return Schema{};  // the keys of a map
  if (field == cel::kElement) return Schema{node["items"], schema.components};
  if (const Value property = node["properties"][field]; property.present()) return Schema{property, schema.components};
  if (const Value any = node["additionalProperties"]; any.is_map()) return Schema{any, schema.components};
  if (std::optional<Schema> found = in_alternatives(schema, field)) return found;
  if (is_open(node) || is_embedded_field(node, field)) return Schema{};
  return std::nullopt;
}

bool is_list(const Schema& schema) { return follow(schema).node["items"].present(); }

std::vector<std::string_view> field_names(const Schema& from) {
  std::vector<std::string_view> names;
  for (const Member& member : follow(from).node["properties"].members()) names.push_back(member.key);
  return names;
}

Schemas::Schemas(Source* cluster) : cluster_(cluster) {}
Schemas::~Schemas() = default;

void Schemas::add(std::string_view json, const std::string& where) {
  documents_.push_back(std::make_unique<const JsonDocument>(json, where));
  const Value components = documents_.back()->root()["components"]["schemas"];
  if (!components.is_map()) {
    throw Error(ErrorKind::input,
                where + " is no OpenAPI v3 document of a cluster (kubectl get --raw /openapi/v3/api/v1)");
  }
  for (const Member& member : components.members()) {
    const Value schema(&member.node);
    const Value kinds = schema[kKindKey];
    if (kinds.size() != 1) continue;  // options and lists of many groups
    kinds_.try_emplace({std::string(kinds.at(0)["group"].text()), std::string(kinds.at(0)["kind"].text())},
                       Schema{schema, components});
  }
}

void Schemas::read(const KindName& kind) {
  if (!discovery_) discovery_ = cluster_->discover();
  const Resource* resource = discovery_->find(kind.group, kind.kind);
  if (resource == nullptr) return;
  const std::string path = "/openapi/v3/" + std::string(kind.group.empty() ? "api/" : "apis/") + api_version(*resource);
  const Response response = cluster_->get({path});
  if (response.gap)
    throw Error(ErrorKind::connection, "cannot read the cluster's schemas: " + response.gap->message, path);
  add(response.body, path);
}

std::optional<Schema> Schemas::find(const KindName& kind) {
  if (!kinds_.contains(kind) && cluster_ != nullptr) read(kind);
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? std::nullopt : std::optional<Schema>(found->second);
}

}  // namespace posture
