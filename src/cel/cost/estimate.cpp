// SPDX-License-Identifier: Apache-2.0
// What a checked tree is expected to cost: a walk that adds up, and carries along what is known of the sizes of values.
#include "cel/cost/estimate.h"

#include <array>

#include "cel/syntax/parser.h"
#include "cel/value/text.h"
#include "posture/cel_cost.h"

namespace posture::cel {

namespace {

// Types whose values have all the same size.
bool is_scalar(const StaticType* type) {
  if (type->variable) return false;
  switch (type->kind) {
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::uinteger:
    case TypeKind::real:
    case TypeKind::duration:
    case TypeKind::timestamp: return true;
    case TypeKind::optional: return is_scalar(type->parameters[0]);
    default: return false;
  }
}

}  // namespace

std::optional<Bounds> size_of_type(const StaticType* type) {
  return is_scalar(type) ? std::optional(exactly(1)) : std::nullopt;
}

std::optional<Parts> either(const std::optional<Parts>& left, const std::optional<Parts>& right) {
  if (!left || !right) return std::nullopt;
  return Parts{left->list, either(left->key, right->key), either(left->value, right->value)};
}

Expected Estimator::expect(const Expr* expr) {
  switch (expr->kind) {
    case ExprKind::literal: return literal(expr);
    case ExprKind::identifier: return name(expr);
    case ExprKind::select: return expr->binding != nullptr ? name(expr) : select(expr);
    case ExprKind::call: return call(expr);
    case ExprKind::list: return list(expr);
    case ExprKind::map: return map(expr);
    case ExprKind::macro: return macro(expr);
  }
  return {};
}

Expected Estimator::literal(const Expr* expr) { return {{}, exactly(cost_size(expr->value)), {}}; }

Expected Estimator::name(const Expr* expr) {
  Expected result{exactly(expr->binding->is_field ? 2 : 1), size_of_type(expr->type), {}};
  if (expr->binding->kind != Binding::Kind::local) return result;
  const Known& known = locals_[expr->binding->index];
  if (!result.size) result.size = known.size;
  result.parts = known.parts;
  return result;
}

Expected Estimator::select(const Expr* expr) {
  const Expected operand = expect(expr->target);
  const std::optional<Bounds> size = size_of_type(expr->type);
  if (expr->presence) return {operand.cost, size, {}};
  const bool charged = expr->optional || is_kind(expr->target->type, TypeKind::map);
  return {charged ? operand.cost + exactly(1) : operand.cost, size, {}};
}

// The least is that of the first term, which may decide.
Expected Estimator::logic(const Expr* expr) {
  const Bounds first = expect(expr->items[0]).cost;
  Bounds sum = first;
  for (const Expr* item : expr->items.subspan(1)) sum = sum + expect(item).cost;
  return {{first.least, sum.most}, exactly(1), {}};
}

Expected Estimator::ternary(const Expr* expr) {
  const Expected condition = expect(expr->items[0]);
  const Expected yes = expect(expr->items[1]);
  const Expected no = expect(expr->items[2]);
  return {condition.cost + either(yes.cost, no.cost), either(yes.size_or_any(), no.size_or_any()),
          either(yes.parts, no.parts)};
}

Expected Estimator::index(const Expr* expr) {
  const Expected operand = expect(expr->items[0]);
  const Expected key = expect(expr->items[1]);
  Expected result{operand.cost + key.cost + exactly(1), size_of_type(expr->type), {}};
  if (expr->name == op::kIndex && operand.parts) result.size = operand.parts->value;
  return result;
}

Expected Estimator::call(const Expr* expr) {
  if (expr->name == op::kAnd || expr->name == op::kOr) return logic(expr);
  if (!expr->member && expr->name == op::kTernary) return ternary(expr);
  if (!expr->member && (expr->name == op::kIndex || expr->name == op::kOptIndex)) return index(expr);
  std::vector<const Expr*> arguments(expr->items.begin(), expr->items.end());
  if (expr->member && !expr->binding->qualified) arguments.insert(arguments.begin(), expr->target);
  std::vector<Operand> operands;
  std::vector<Expected> expected;
  Bounds sum{};
  for (const Expr* argument : arguments) {
    expected.push_back(expect(argument));
    operands.push_back(operand(argument, expected.back()));
    sum = sum + expected.back().cost;
  }
  if (expr->name == "dyn") return {sum + exactly(1), expected[0].size, expected[0].parts};
  Expected result = overloads(expr, operands);
  result.cost = result.cost + sum;
  if (expr->name == op::kAdd) result.parts = either(expected[0].parts, expected[1].parts);
  return result;
}

Operand Estimator::operand(const Expr* expr, const Expected& expected) {
  Operand result{expr->type, expected.size_or_any(), expected.size.has_value(), {}};
  if (expr->kind == ExprKind::literal && is(expr->value, Tag::integer)) result.integer = int_of(expr->value);
  return result;
}

// Of all overloads that may be meant.
Expected Estimator::overloads(const Expr* expr, std::span<const Operand> operands) {
  Expected result{{kUnbounded, 0}, {}, {}};
  for (const Candidate& candidate : expr->binding->candidates) {
    const Overload* overload = candidate.overload;
    const bool ruled = overload != nullptr && overload->cost.estimate != nullptr;
    const CallEstimate estimate = ruled ? overload->cost.estimate(operands) : CallEstimate{};
    result.cost = either(result.cost, estimate.cost);
    if (estimate.size) result.size = result.size ? either(*result.size, *estimate.size) : *estimate.size;
    if (!result.size) result.size = size_of_type(expr->type);
  }
  return result;
}

Expected Estimator::list(const Expr* expr) {
  Bounds cost = kListCost;
  Bounds value = expr->items.empty() ? Bounds{} : Bounds{kUnbounded, 0};
  for (const Expr* item : expr->items) {
    const Expected element = expect(item);
    cost = cost + element.cost;
    value = either(value, element.size_or_any());
  }
  return {cost, exactly(expr->items.size()), Parts{true, exactly(1), value}};
}

Expected Estimator::map(const Expr* expr) {
  Bounds cost = kMapCost;
  std::array<Bounds, 2> parts = {Bounds{kUnbounded, 0}, Bounds{kUnbounded, 0}};
  if (expr->items.empty()) parts = {};
  for (std::size_t i = 0; i < expr->items.size(); ++i) {
    const Expected part = expect(expr->items[i]);
    cost = cost + part.cost;
    parts[i % 2] = either(parts[i % 2], part.size_or_any());
  }
  return {cost, exactly(expr->items.size() / 2), Parts{false, parts[0], parts[1]}};
}

std::optional<CostEstimate> estimate_cost(const Environment& environment, std::string_view source) {
  Arena arena;
  Problems problems(source);
  Expr* root = parse(source, arena, problems);
  if (root == nullptr) return std::nullopt;
  Checker checker(environment, arena, problems);
  checker.check_root(root, Type{});
  if (!problems.empty()) return std::nullopt;
  const Bounds cost = Estimator(checker.slots()).expect(root).cost;
  return CostEstimate{cost.least, cost.most};
}

}  // namespace posture::cel
