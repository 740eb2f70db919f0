// SPDX-License-Identifier: Apache-2.0
// Types as the checker sees them: the public ones plus type variables, in an arena.
#pragma once

#include "base/arena.h"
#include "posture/cel.h"

namespace posture::cel {

/// list and optional have one parameter, map two, type one or none. A type variable has `variable` set and only an id.
struct StaticType {
  TypeKind kind = TypeKind::dyn;
  bool variable = false;
  std::uint32_t id = 0;
  std::uint32_t size = 1;  ///< parts, shared ones counted each time
  const StaticType* parameters[2] = {nullptr, nullptr};
};

class TypePool {
 public:
  explicit TypePool(Arena& arena);
  const StaticType* simple(TypeKind kind) const { return simple_ + static_cast<std::size_t>(kind); }
  const StaticType* make(TypeKind kind, const StaticType* first, const StaticType* second = nullptr);
  const StaticType* fresh();  ///< a new type variable
  const StaticType* from(const Type& type);
  std::uint32_t variables() const { return variables_; }
  bool too_large() const { return too_large_; }  ///< a type beyond kMaxTypeSize was asked for, and an error type given

 private:
  Arena& arena_;
  StaticType* simple_;
  std::uint32_t variables_ = 0;
  bool too_large_ = false;
};

inline bool is_dyn(const StaticType* type) { return !type->variable && type->kind == TypeKind::dyn; }
inline bool is_kind(const StaticType* type, TypeKind kind) { return !type->variable && type->kind == kind; }
bool same(const StaticType* left, const StaticType* right);
Type to_public(const StaticType* type);  ///< variables become dyn
std::string to_string(const StaticType* type);

}  // namespace posture::cel
