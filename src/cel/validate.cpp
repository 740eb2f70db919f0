// SPDX-License-Identifier: Apache-2.0
// Kubernetes' checks of literals that go beyond types. Constant conversions are checked where they are folded.
#include "cel/checker.h"
#include "cel/regex.h"

namespace posture::cel {
namespace {

const StaticType* value_type(const Expr* item, bool optional) {
  return optional && item->type->parameters[0] != nullptr ? item->type->parameters[0] : item->type;
}

void expect_same(const Expr* item, const StaticType* expected, const StaticType* found, Problems& problems) {
  if (same(expected, found)) return;
  problems.add(item->offset, "expected type '" + to_string(expected) + "' but found '" + to_string(found) + "'");
}

bool flagged(const Expr* expr, std::size_t entry) { return !expr->optionals.empty() && expr->optionals[entry]; }

void validate_list(const Expr* list, Problems& problems) {
  if (list->items.empty()) return;
  const StaticType* expected = value_type(list->items[0], flagged(list, 0));
  for (std::size_t i = 1; i < list->items.size(); ++i) {
    expect_same(list->items[i], expected, value_type(list->items[i], flagged(list, i)), problems);
  }
}

void validate_map(const Expr* map, Problems& problems) {
  if (map->items.empty()) return;
  const StaticType* value = value_type(map->items[1], flagged(map, 0));
  for (std::size_t i = 2; i < map->items.size(); i += 2) {
    expect_same(map->items[i], map->items[0]->type, map->items[i]->type, problems);
    expect_same(map->items[i + 1], value, value_type(map->items[i + 1], flagged(map, i / 2)), problems);
  }
}

// As upstream: the first argument of `matches`, be it called as s.matches(p) or matches(s, p).
void validate_pattern(const Expr* call, Problems& problems) {
  if (call->name != "matches" || call->items.empty()) return;
  const Expr* first = call->items[0];
  if (first->kind != ExprKind::literal || !is(first->value, Tag::string)) return;
  if (!pattern_error(text_of(first->value)).empty()) problems.add(first->offset, "invalid matches argument");
}

}  // namespace

void validate_literals(const Expr* expr, Problems& problems) {
  if (expr->kind == ExprKind::list) validate_list(expr, problems);
  if (expr->kind == ExprKind::map) validate_map(expr, problems);
  if (expr->kind == ExprKind::call) validate_pattern(expr, problems);
  const bool part_of_name = expr->binding != nullptr && (expr->kind == ExprKind::select || expr->binding->qualified);
  if (expr->target != nullptr && !part_of_name) validate_literals(expr->target, problems);
  if (expr->condition != nullptr) validate_literals(expr->condition, problems);
  if (expr->body != nullptr) validate_literals(expr->body, problems);
  if (expr->kind == ExprKind::macro) return;
  for (const Expr* item : expr->items) validate_literals(item, problems);
}

}  // namespace posture::cel
