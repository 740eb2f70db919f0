// SPDX-License-Identifier: Apache-2.0
#include "cel/check/static_type.h"

#include <array>

#include "cel/limits.h"
#include "cel/value/values.h"

namespace posture::cel {
namespace {

constexpr std::size_t kKinds = static_cast<std::size_t>(TypeKind::decision) + 1;

// As error messages spell types; `type(x)` at run time has other names for some.
std::string_view spelling(TypeKind kind) {
  switch (kind) {
    case TypeKind::null: return "null";
    case TypeKind::timestamp: return "timestamp";
    case TypeKind::duration: return "duration";
    case TypeKind::error: return "!error!";
    default: return type_name(kind);
  }
}

}  // namespace

TypePool::TypePool(Arena& arena) : arena_(arena), simple_(arena.make_array<StaticType>(kKinds)) {
  for (std::size_t i = 0; i < kKinds; ++i) simple_[i].kind = static_cast<TypeKind>(i);
}

const StaticType* TypePool::make(TypeKind kind, const StaticType* first, const StaticType* second) {
  const std::uint32_t size = 1 + (first != nullptr ? first->size : 0) + (second != nullptr ? second->size : 0);
  if (size > kMaxTypeSize) {
    too_large_ = true;
    return simple(TypeKind::error);
  }
  StaticType* type = arena_.make_array<StaticType>(1);
  type->kind = kind;
  type->size = size;
  type->parameters[0] = first;
  type->parameters[1] = second;
  return type;
}

const StaticType* TypePool::fresh() {
  StaticType* type = arena_.make_array<StaticType>(1);
  type->variable = true;
  type->id = variables_++;
  return type;
}

const StaticType* TypePool::from(const Type& type) {
  const auto parameter = [&](std::size_t i) {
    return i < type.parameters.size() ? from(type.parameters[i]) : simple(TypeKind::dyn);
  };
  switch (type.kind) {
    case TypeKind::list:
    case TypeKind::optional: return make(type.kind, parameter(0));
    case TypeKind::map: return make(type.kind, parameter(0), parameter(1));
    default: return simple(type.kind);
  }
}

bool same(const StaticType* left, const StaticType* right) {
  if (left == right) return true;
  if (left == nullptr || right == nullptr || left->variable != right->variable) return false;
  if (left->variable) return left->id == right->id;
  return left->kind == right->kind && same(left->parameters[0], right->parameters[0]) &&
         same(left->parameters[1], right->parameters[1]);
}

Type to_public(const StaticType* type) {
  if (type->variable) return {};
  Type result{type->kind, {}};
  for (const StaticType* parameter : type->parameters) {
    if (parameter != nullptr) result.parameters.push_back(to_public(parameter));
  }
  return result;
}

std::string to_string(const StaticType* type) {
  if (type->variable) return "_var" + std::to_string(type->id);
  std::string text(spelling(type->kind));
  if (type->parameters[0] == nullptr) return text;
  text.append("(").append(to_string(type->parameters[0]));
  if (type->parameters[1] != nullptr) text.append(", ").append(to_string(type->parameters[1]));
  return text.append(")");
}

std::string to_string(const Type& type) {
  std::string text(spelling(type.kind));
  if (type.parameters.empty()) return text;
  std::string separator = "(";
  for (const Type& parameter : type.parameters) {
    text.append(separator).append(to_string(parameter));
    separator = ", ";
  }
  return text + ")";
}

}  // namespace posture::cel
