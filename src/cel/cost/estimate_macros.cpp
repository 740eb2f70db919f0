// SPDX-License-Identifier: Apache-2.0
// What macros are expected to cost: cel-go's expansions, without expanding.
#include "cel/cost/estimate.h"

namespace posture::cel {

Expected Estimator::macro(const Expr* expr) {
  const Expected target = expect(expr->target);
  const std::uint32_t outer = depth_;
  Expected result;
  switch (expr->macro) {
    case Macro::opt_map:
    case Macro::opt_flat_map: result = optional_map(expr, target); break;
    case Macro::sort_by: result = sort_by(expr, target); break;
    default: result = loop(expr, target); break;
  }
  depth_ = outer;
  return result;
}

// The variables of a loop over `range`.
void Estimator::enter(const Expr* expr, const Expected& range) {
  const std::optional<Parts>& parts = range.parts;
  const bool two = !expr->variables[1].empty();
  const bool list = parts ? parts->list : is_kind(expr->target->type, TypeKind::list);
  Known first;
  Known second;
  if (parts) first.size = !two && list ? parts->value : parts->key;
  if (parts) second.size = parts->value;
  locals_[depth_++] = first;
  if (two) locals_[depth_++] = second;
}

namespace {

/// One turn of a loop: what it does besides the condition and the body of the macro.
struct Turn {
  Bounds first;  ///< before any turn, and after the last
  Bounds each;
};

// The costs of what the expansions add to a body of cost `body`.
Turn turn(Macro macro, Bounds body) {
  switch (macro) {
    case Macro::all: return {exactly(1), exactly(2) + Bounds{1, saturated_sum(1, body.most)}};
    case Macro::exists: return {exactly(1), exactly(3) + Bounds{1, saturated_sum(1, body.most)}};
    case Macro::exists_one: return {exactly(2), body + Bounds{1, 2}};
    case Macro::filter: return {kListCost + exactly(1), body + Bounds{1, 13}};
    case Macro::transform_map: return {kMapCost + exactly(1), body + exactly(3)};
    case Macro::transform_map_entry: return {kMapCost + exactly(1), body + exactly(2)};
    default: return {kListCost + exactly(1), body + kListCost + exactly(2)};
  }
}

bool is_quantifier(Macro macro) { return macro == Macro::all || macro == Macro::exists || macro == Macro::exists_one; }
bool makes_list(Macro macro) { return macro == Macro::map || macro == Macro::filter || macro == Macro::transform_list; }

}  // namespace

Expected Estimator::loop(const Expr* expr, const Expected& range) {
  const std::uint32_t slot = depth_;
  enter(expr, range);
  const Expected body = expect(expr->body);
  Turn cost = turn(expr->macro, body.cost);
  if (expr->condition != nullptr) cost.each = expect(expr->condition).cost + either(cost.each, exactly(1));
  const Bounds turns = range.size_or_any();
  Expected result{range.cost + cost.first + turns * cost.each, {}, {}};
  result.size = is_quantifier(expr->macro) ? exactly(1) : turns;
  if (!makes_list(expr->macro)) return result;
  std::optional<Bounds> taken = body.size;
  if (expr->macro == Macro::filter) {
    taken = size_of_type(expr->type->parameters[0]);
    if (!taken) taken = locals_[slot].size;
  }
  result.parts = Parts{true, exactly(1), either(Bounds{}, taken.value_or(kAnySize))};
  return result;
}

// target.hasValue() ? optional.of(body with the variable bound to target.value()) : optional.none()
Expected Estimator::optional_map(const Expr* expr, const Expected& target) {
  const StaticType* inner = expr->target->type;
  if (is_kind(inner, TypeKind::optional)) inner = inner->parameters[0];
  locals_[depth_] = {size_of_type(inner), {}};
  depth_ += 2;
  const Expected body = expect(expr->body);
  const Bounds bound = kListCost + target.cost + exactly(1) + body.cost;
  const bool flat = expr->macro == Macro::opt_flat_map;
  const Bounds present = flat ? bound : bound + exactly(1);
  const Bounds none = size_of_type(expr->type).value_or(kAnySize);
  return {target.cost + exactly(1) + either(present, exactly(1)), either(flat ? body.size_or_any() : none, none), {}};
}

// The target bound to a variable, its keys collected by map(), and both given to a function.
Expected Estimator::sort_by(const Expr* expr, const Expected& target) {
  enter(expr, target);
  const Expected key = expect(expr->body);
  const Bounds turns = target.size_or_any();
  const Bounds keys = exactly(1) + kListCost + exactly(1) + turns * (key.cost + kListCost + exactly(2));
  const Operand sorted{nullptr, turns, true, {}};
  const Expected sorting = overloads(expr, std::span(&sorted, 1));
  return {kListCost + target.cost + exactly(1) + keys + sorting.cost, sorting.size, {}};
}

}  // namespace posture::cel
