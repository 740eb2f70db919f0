// SPDX-License-Identifier: Apache-2.0
// Types of macros: what cel-go's expansions would infer, without expanding.
#include <array>

#include "cel/check/checker.h"

namespace posture::cel {

void Checker::check_macro(Expr* expr) {
  check(expr->target);
  const std::size_t outer = locals_.size();
  if (expr->macro == Macro::opt_map || expr->macro == Macro::opt_flat_map) {
    check_optional_macro(expr);
    locals_.resize(outer);
    return;
  }
  const StaticType* range = unifier_.resolve(expr->target->type);
  const StaticType* dyn = simple(TypeKind::dyn);
  const bool two = !expr->variables[1].empty();
  const StaticType* first = dyn;
  const StaticType* second = dyn;
  if (is_kind(range, TypeKind::list)) {
    first = two ? simple(TypeKind::integer) : range->parameters[0];
    second = range->parameters[0];
  } else if (is_kind(range, TypeKind::map)) {
    first = range->parameters[0];
    second = range->parameters[1];
  } else if (range->variable || is_dyn(range) || range->kind == TypeKind::error) {
    unifier_.assignable(dyn, range);
  } else {
    problems_.add(expr->target->offset, "expression of type '" + to_string(range) +
                                            "' cannot be range of a comprehension (must be list, map, or dynamic)");
    first = second = simple(TypeKind::error);
  }
  declare(expr->variables[0], first);
  if (two) declare(expr->variables[1], second);
  check_body(expr, first);
  locals_.resize(outer);
}

void Checker::check_body(Expr* expr, const StaticType* first) {
  const StaticType* boolean = simple(TypeKind::boolean);
  const StaticType* integer = simple(TypeKind::integer);
  const StaticType* condition = nullptr;
  if (expr->condition != nullptr) {
    check(expr->condition);
    condition = expr->condition->type;
  }
  check(expr->body);
  const StaticType* body = expr->body->type;
  const StaticType* result = boolean;
  switch (expr->macro) {
    case Macro::all:
    case Macro::exists:
      if (!unifier_.assignable(body, boolean)) mismatch(expr->body, boolean, body);
      break;
    case Macro::exists_one: call_type(expr->body, op::kTernary, {body, integer, integer}); break;
    case Macro::filter:
      result = pool_.make(TypeKind::list, first);
      call_type(expr->body, op::kTernary, {body, result, result});
      break;
    case Macro::sort_by: result = check_sorting(expr); break;
    case Macro::transform_map: result = pool_.make(TypeKind::map, first, body); break;
    case Macro::transform_map_entry: {
      result = pool_.make(TypeKind::map, pool_.fresh(), pool_.fresh());
      if (!unifier_.assignable(body, result))
        no_overload(expr->body, "cel.@mapInsert", std::vector{result, body}, false);
      break;
    }
    default: result = pool_.make(TypeKind::list, body); break;
  }
  if (condition != nullptr) call_type(expr->condition, op::kTernary, {condition, result, result});
  expr->type = unifier_.resolve(result);
}

// The function behind sortBy, which gets the list and its keys; its overloads are bound to the macro.
const StaticType* Checker::check_sorting(Expr* expr) {
  const std::string_view name = "@sortByAssociatedKeys";
  const std::array arguments = {expr->target->type, pool_.make(TypeKind::list, expr->body->type)};
  bool known = false;
  const StaticType* result = nullptr;
  const std::vector<Candidate> fit = fitting(candidates(name, true, known), arguments, result);
  bind(expr, Binding::Kind::overloads)->candidates = {arena_.copy(std::span<const Candidate>(fit)), fit.size()};
  if (result == nullptr) no_overload(expr, name, arguments, true);
  return result != nullptr ? result : simple(TypeKind::error);
}

void Checker::check_optional_macro(Expr* expr) {
  const StaticType* inner = pool_.fresh();
  const StaticType* optional = pool_.make(TypeKind::optional, inner);
  const StaticType* target = expr->target->type;
  if (!unifier_.assignable(target, optional)) no_overload(expr, "hasValue", std::span(&target, 1), true);
  declare(expr->variables[0], unifier_.resolve(inner));
  declare({}, simple(TypeKind::uinteger));  // what the variable's value costs whoever asks for it first
  check(expr->body);
  const StaticType* none = pool_.make(TypeKind::optional, pool_.fresh());
  const StaticType* present =
      expr->macro == Macro::opt_map ? pool_.make(TypeKind::optional, expr->body->type) : expr->body->type;
  expr->type = call_type(expr, op::kTernary, {simple(TypeKind::boolean), present, none});
}

}  // namespace posture::cel
