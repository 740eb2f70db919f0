// SPDX-License-Identifier: Apache-2.0
#include "catalog/read.h"

namespace posture {

namespace {

RequirementKind parse_requirement_kind(Fields& fields) {
  const std::string kind = fields.optional_text("kind");
  if (kind.empty()) return RequirementKind::decided;
  if (kind == "manual") return RequirementKind::manual;
  if (kind == "node-only") return RequirementKind::node_only;
  fields.fail("kind", "must be manual or node-only, or be left out");
}

/// Levels are written as numbers (CIS) or words (Pod Security).
std::string read_level(Fields& fields) {
  const Value level = fields.value("level");
  return level.is(ValueType::integer) ? std::to_string(level.integer()) : std::string(level.text());
}

Requirement read_requirement(Value map, const Place& place) {
  Fields fields(map, place);
  Requirement requirement;
  requirement.id = fields.text("id");
  requirement.title = fields.text("title");
  requirement.level = read_level(fields);
  requirement.kind = parse_requirement_kind(fields);
  requirement.controls = fields.texts("controls");
  fields.finish();
  return requirement;
}

}  // namespace

Framework read_framework(Value map, const std::string& id, const Place& place) {
  Fields fields(map, place);
  Framework framework;
  framework.id = id;
  fields.expect_integer("format", 1);
  framework.title = fields.text("title");
  framework.version = fields.text("version");
  framework.source = fields.text("source");
  const Value requirements = fields.value("requirements");
  for (const Node& requirement : requirements.elements()) {
    framework.requirements.push_back(read_requirement(Value(&requirement), place));
  }
  if (framework.requirements.empty()) fields.fail("requirements", "at least one is required");
  fields.finish();
  return framework;
}

}  // namespace posture
