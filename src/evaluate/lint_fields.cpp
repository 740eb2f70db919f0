// SPDX-License-Identifier: Apache-2.0
#include "evaluate/lint_fields.h"

#include <algorithm>
#include <numeric>

#include "evaluate/elements.h"
#include "evaluate/environment.h"
#include "posture/inventory.h"

namespace posture {

namespace {

/// A place below the object: what a variable of a check stands for.
using Path = std::vector<std::string>;

constexpr std::size_t kFarthest = 2;  // edits between a field and the one that was meant

Path split(std::string_view pointer) {
  Path path;
  while (!pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    path.emplace_back(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
  }
  return path;
}

Path joined(Path path, std::initializer_list<std::string> more) {
  path.insert(path.end(), more);
  return path;
}

/// Everywhere in objects of `kind` that the variable may be; nothing for one that is no part of the object.
std::vector<Path> places_of(std::size_t variable, const Check& check, const KindName& kind) {
  const Path pod = split(template_pointer(kind.group, kind.kind));
  const auto lists = [&](std::initializer_list<const char*> names) {
    std::vector<Path> places;
    for (const char* name : names) places.push_back(joined(pod, {"spec", name}));
    return places;
  };
  switch (variable) {
    case kObject: return {{}};
    case kPodSpec: return {joined(pod, {"spec"})};
    case kPodMetadata: return {joined(pod, {"metadata"})};
    case kPodSecurityContext: return lists({"securityContext"});
    case kContainers: return lists({"containers"});
    case kVolumes: return lists({"volumes"});
    case kAllContainers: return lists({"containers", "initContainers", "ephemeralContainers"});
    default: break;
  }
  std::vector<Path> places;
  if (check.each.name.empty() || variable != element_index(check)) return places;
  const ElementLists each = element_lists(check.each);
  for (const std::string& field : each.fields) {
    places.push_back(each.in_pod ? joined(pod, {"spec", field, cel::kElement}) : Path{field, cel::kElement});
  }
  return places;
}

/// The schema that the last field of a path is looked up in; nullopt where the path ends before.
std::optional<Schema> parent_schema(Schema schema, const Path& place, const Path& fields) {
  Path path = place;
  path.insert(path.end(), fields.begin(), fields.end() - 1);
  for (const std::string& field : path) {
    const std::optional<Schema> next = field_schema(schema, field);
    if (!next) return std::nullopt;
    if (!next->node.present()) return Schema{};
    schema = *next;
  }
  return schema;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (const char letter : a) {
    std::size_t corner = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t best = std::min({row[j] + 1, row[j + 1] + 1, corner + (letter == b[j] ? 0 : 1)});
      corner = row[j + 1];
      row[j + 1] = best;
    }
  }
  return row.back();
}

std::string suggestion(const Schema& schema, std::string_view field) {
  std::string_view nearest;
  std::size_t least = kFarthest + 1;
  for (const std::string_view name : field_names(schema)) {
    const std::size_t edits = distance(field, name);
    if (edits < least) nearest = name;
    least = std::min(least, edits);
  }
  return nearest.empty() ? std::string() : "; did you mean `" + std::string(nearest) + "`?";
}

/// What the kinds say to one use of a field.
struct Votes {
  std::size_t have = 0;
  std::vector<std::string> lack;  ///< kinds
  std::string hint;
};

Votes vote(const cel::FieldUse& use, const Check& check, Schemas& schemas) {
  Votes votes;
  for (const KindName& kind : check.match) {
    const std::optional<Schema> root = schemas.find(kind);
    if (!root) continue;
    const std::vector<Path> places = places_of(use.path.variable, check, kind);
    bool lacks = false;
    for (const Path& place : places) {
      const std::optional<Schema> parent = parent_schema(*root, place, use.path.fields);
      if (!parent) continue;  // reported where the path broke
      const bool is_element = use.membership && is_list(*parent);
      if (!parent->node.present() || is_element || field_schema(*parent, use.path.fields.back())) {
        ++votes.have;
      } else {
        lacks = true;
        if (votes.hint.empty()) votes.hint = suggestion(*parent, use.path.fields.back());
      }
    }
    if (lacks) votes.lack.push_back(to_string(kind));
  }
  return votes;
}

std::string listed(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

}  // namespace

std::vector<FieldProblem> lint_fields(const Check& check, const std::string& expression, Schemas& schemas) {
  std::vector<FieldProblem> problems;
  for (const cel::FieldUse& use : cel::field_uses(environment(check), expression)) {
    if (use.path.fields.back() == cel::kElement) continue;
    const Votes votes = vote(use, check, schemas);
    if (votes.lack.empty() || (use.optional && votes.have > 0)) continue;
    if (!problems.empty() && problems.back().offset == use.offset) continue;
    problems.push_back(
        {use.offset, "there is no field `" + use.path.fields.back() + "` here in " + listed(votes.lack) + votes.hint});
  }
  return problems;
}

}  // namespace posture
