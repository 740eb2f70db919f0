// SPDX-License-Identifier: Apache-2.0
// Assignability with type variables: cel-go's checker/types.go, with a trail in place of copied maps.
#pragma once

#include <span>
#include <vector>

#include "cel/check/static_type.h"
#include "cel/limits.h"

namespace posture::cel {

class Unifier {
 public:
  explicit Unifier(TypePool& pool) : pool_(pool) {}

  /// Can a value of type `from` go where `to` stands (either way round, as dyn and null allow)? Binds variables if so.
  bool assignable(const StaticType* to, const StaticType* from);
  bool all_assignable(std::span<const StaticType* const> to, std::span<const StaticType* const> from);
  /// `type` with bound variables replaced; unbound ones become dyn if `finally`.
  const StaticType* resolve(const StaticType* type, bool finally = false);
  /// More steps were needed than are allowed; answers since then are meaningless.
  bool exhausted() const { return steps_ > kMaxTypeSteps; }
  const StaticType* more_general(const StaticType* left, const StaticType* right) const;

 private:
  struct Bound {
    std::uint32_t id;
    const StaticType* before;
  };
  enum class Match { yes, no, no_but_bound };

  const StaticType* find(const StaticType* type) const;
  void bind(const StaticType* variable, const StaticType* type);
  void undo(std::size_t mark);
  bool match(const StaticType* left, const StaticType* right);
  bool match_parameters(const StaticType* left, const StaticType* right);
  Match match_variable(const StaticType* type, const StaticType* variable);
  bool occurs_not(const StaticType* variable, const StaticType* within) const;
  bool as_general(const StaticType* left, const StaticType* right) const;

  TypePool& pool_;
  std::vector<const StaticType*> bindings_;
  std::vector<Bound> trail_;
  mutable std::uint64_t steps_ = 0;
};

}  // namespace posture::cel
