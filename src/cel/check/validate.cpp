// SPDX-License-Identifier: Apache-2.0
// Kubernetes' checks of literals that go beyond types. Constant conversions are checked where they are folded.
#include "cel/check/checker.h"
#include "cel/value/format.h"
#include "cel/value/regex.h"

namespace posture::cel {
namespace {

// The type behind `?`. cel-go's validator breaks on one of type dyn, so no policy can hold it.
const StaticType* value_type(const Expr* item, bool optional, Problems& problems) {
  if (!optional) return item->type;
  if (is_kind(item->type, TypeKind::optional)) return item->type->parameters[0];
  problems.add(item->offset, "expected type 'optional_type(dyn)' but found '" + to_string(item->type) + "'");
  return item->type;
}

void expect_same(const Expr* item, const StaticType* expected, const StaticType* found, Problems& problems) {
  if (same(expected, found)) return;
  problems.add(item->offset, "expected type '" + to_string(expected) + "' but found '" + to_string(found) + "'");
}

bool flagged(const Expr* expr, std::size_t entry) { return !expr->optionals.empty() && expr->optionals[entry]; }

void validate_list(const Expr* list, Problems& problems) {
  if (list->items.empty()) return;
  const StaticType* expected = value_type(list->items[0], flagged(list, 0), problems);
  for (std::size_t i = 1; i < list->items.size(); ++i) {
    expect_same(list->items[i], expected, value_type(list->items[i], flagged(list, i), problems), problems);
  }
}

void validate_map(const Expr* map, Problems& problems) {
  if (map->items.empty()) return;
  const StaticType* value = value_type(map->items[1], flagged(map, 0), problems);
  for (std::size_t i = 2; i < map->items.size(); i += 2) {
    expect_same(map->items[i], map->items[0]->type, map->items[i]->type, problems);
    expect_same(map->items[i + 1], value, value_type(map->items[i + 1], flagged(map, i / 2), problems), problems);
  }
}

// As upstream: the first argument of `matches`, be it called as s.matches(p) or matches(s, p).
void validate_pattern(const Expr* call, Problems& problems) {
  if (call->name != "matches" || call->items.empty()) return;
  const Expr* first = call->items[0];
  if (first->kind != ExprKind::literal || !is(first->value, Tag::string)) return;
  if (!pattern_error(text_of(first->value)).empty()) problems.add(first->offset, "invalid matches argument");
}

const Expr* unfit_part(const Expr* argument);

const Expr* unfit_item(std::span<Expr* const> items) {
  for (const Expr* item : items) {
    if (const Expr* unfit = unfit_part(item)) return unfit;
  }
  return nullptr;
}

// For %s: the part of a literal argument that cannot be written, or nullptr.
const Expr* unfit_part(const Expr* argument) {
  if (!clause_takes('s', argument->type->kind)) return argument;
  const bool nested = argument->kind == ExprKind::list || argument->kind == ExprKind::map;
  return nested ? unfit_item(argument->items) : nullptr;
}

// A literal format string against the types of its literal list of arguments.
void validate_format(const Expr* call, Problems& problems) {
  if (call->name != "format" || !call->member || call->items.size() != 1 || call->items[0]->kind != ExprKind::list)
    return;
  if (call->target->kind != ExprKind::literal || !is(call->target->value, Tag::string)) return;
  const std::span<Expr* const> arguments = call->items[0]->items;
  FormatReader reader(text_of(call->target->value));
  std::string plain;
  Clause clause;
  std::size_t used = 0;
  for (; reader.next(plain, clause); ++used) {
    if (used >= arguments.size()) return problems.add(call->offset, "index " + std::to_string(used) + " out of range");
    const Expr* argument = arguments[used];
    const Expr* unfit = clause.letter == 's' ? unfit_part(argument) : argument;
    if (unfit == nullptr || (clause.letter != 's' && clause_takes(clause.letter, argument->type->kind))) continue;
    return problems.add(unfit->offset, "error during formatting: " + std::string(clause_error(clause.letter)) +
                                           std::string(type_name(unfit->type->kind)));
  }
  if (!reader.error().empty()) return problems.add(call->offset, reader.error());
  if (used < arguments.size()) {
    problems.add(call->offset, "too many arguments supplied to string.format (expected " + std::to_string(used) +
                                   ", got " + std::to_string(arguments.size()) + ")");
  }
}

// `mixed`: under a call of format(), whose lists may be of unlike elements.
void validate(const Expr* expr, bool mixed, Problems& problems) {
  if (expr->kind == ExprKind::list && !mixed) validate_list(expr, problems);
  if (expr->kind == ExprKind::map && !mixed) validate_map(expr, problems);
  if (expr->kind == ExprKind::call) {
    validate_pattern(expr, problems);
    validate_format(expr, problems);
    mixed = mixed || expr->name == "format";
  }
  const bool part_of_name = expr->binding != nullptr && (expr->kind == ExprKind::select || expr->binding->qualified);
  if (expr->target != nullptr && !part_of_name) validate(expr->target, mixed, problems);
  if (expr->condition != nullptr) validate(expr->condition, mixed, problems);
  if (expr->body != nullptr) validate(expr->body, mixed, problems);
  if (expr->kind == ExprKind::macro) return;
  for (const Expr* item : expr->items) validate(item, mixed, problems);
}

}  // namespace

void validate_literals(const Expr* root, Problems& problems) { validate(root, false, problems); }

}  // namespace posture::cel
