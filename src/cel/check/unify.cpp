// SPDX-License-Identifier: Apache-2.0
#include "cel/check/unify.h"

namespace posture::cel {
namespace {

// Types that cel-go lets null stand in for.
bool nullable(const StaticType* type) {
  switch (type->kind) {
    case TypeKind::null:
    case TypeKind::timestamp:
    case TypeKind::duration:
    case TypeKind::optional: return true;
    default: return type->kind == TypeKind::quantity || type->kind >= TypeKind::ip;
  }
}

bool anything(const StaticType* type) { return type->kind == TypeKind::dyn || type->kind == TypeKind::error; }

}  // namespace

bool Unifier::assignable(const StaticType* to, const StaticType* from) {
  return all_assignable(std::span(&to, 1), std::span(&from, 1));
}

bool Unifier::all_assignable(std::span<const StaticType* const> to, std::span<const StaticType* const> from) {
  if (to.size() != from.size()) return false;
  const std::size_t mark = trail_.size();
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (!match(to[i], from[i])) {
      undo(mark);
      return false;
    }
  }
  return true;
}

const StaticType* Unifier::find(const StaticType* type) const {
  return type->variable && type->id < bindings_.size() ? bindings_[type->id] : nullptr;
}

void Unifier::bind(const StaticType* variable, const StaticType* type) {
  if (bindings_.size() <= variable->id) bindings_.resize(pool_.variables());
  trail_.push_back({variable->id, bindings_[variable->id]});
  bindings_[variable->id] = type;
}

void Unifier::undo(std::size_t mark) {
  for (; trail_.size() > mark; trail_.pop_back()) bindings_[trail_.back().id] = trail_.back().before;
}

bool Unifier::match(const StaticType* left, const StaticType* right) {
  if (++steps_ > kMaxTypeSteps) return false;
  if (right->variable) {
    const Match result = match_variable(left, right);
    if (result != Match::no) return result == Match::yes;
  }
  if (left->variable) return match_variable(right, left) == Match::yes;
  if (anything(left) || anything(right)) return true;
  if (left->kind == TypeKind::null) return nullable(right);
  if (right->kind == TypeKind::null) return nullable(left);
  if (left->kind != right->kind) return false;
  return left->kind == TypeKind::type || match_parameters(left, right);
}

bool Unifier::match_parameters(const StaticType* left, const StaticType* right) {
  for (std::size_t i = 0; i < 2; ++i) {
    if (left->parameters[i] != nullptr && !match(left->parameters[i], right->parameters[i])) return false;
  }
  return true;
}

Unifier::Match Unifier::match_variable(const StaticType* type, const StaticType* variable) {
  if (same(type, variable)) return Match::yes;
  if (const StaticType* bound = find(variable)) {
    if (same(type, bound)) return Match::yes;
    if (!match(type, bound)) return Match::no_but_bound;
    const StaticType* general = more_general(type, bound);
    if (occurs_not(variable, general)) bind(variable, general);
    return Match::yes;
  }
  if (!occurs_not(variable, type)) return Match::no;
  bind(variable, type);
  return Match::yes;
}

bool Unifier::occurs_not(const StaticType* variable, const StaticType* within) const {
  if (++steps_ > kMaxTypeSteps) return false;
  if (same(variable, within)) return false;
  if (within->variable) {
    const StaticType* bound = find(within);
    return bound == nullptr || occurs_not(variable, bound);
  }
  for (const StaticType* parameter : within->parameters) {
    if (parameter != nullptr && !occurs_not(variable, parameter)) return false;
  }
  return true;
}

// Is `left` equal to or less specific than `right`?
bool Unifier::as_general(const StaticType* left, const StaticType* right) const {
  if (++steps_ > kMaxTypeSteps) return false;
  if (left->variable || left->kind == TypeKind::dyn) return true;
  if (right->variable || right->kind != left->kind) return false;
  if (left->kind == TypeKind::type) return true;
  for (std::size_t i = 0; i < 2; ++i) {
    if (left->parameters[i] != nullptr && !as_general(left->parameters[i], right->parameters[i])) return false;
  }
  return true;
}

const StaticType* Unifier::more_general(const StaticType* left, const StaticType* right) const {
  return as_general(left, right) ? left : right;
}

const StaticType* Unifier::resolve(const StaticType* type, bool finally) {
  if (++steps_ > kMaxTypeSteps) return pool_.simple(TypeKind::error);
  if (const StaticType* bound = find(type)) return resolve(bound, finally);
  if (type->variable) return finally ? pool_.simple(TypeKind::dyn) : type;
  if (type->parameters[0] == nullptr) return type;
  const StaticType* first = resolve(type->parameters[0], finally);
  const StaticType* second = type->parameters[1] == nullptr ? nullptr : resolve(type->parameters[1], finally);
  if (first == type->parameters[0] && second == type->parameters[1]) return type;
  return pool_.make(type->kind, first, second);
}

}  // namespace posture::cel
