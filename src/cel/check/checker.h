// SPDX-License-Identifier: Apache-2.0
// Types and meanings for every node of the tree, by Kubernetes' rules. What the API server would refuse is a problem here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cel/check/unify.h"
#include "cel/library/library.h"
#include "cel/syntax/ast.h"
#include "cel/syntax/problem.h"

namespace posture::cel {

struct Candidate {
  const Overload* overload = nullptr;  ///< null for a function of the caller
  Signature signature;
};

/// What a name means.
struct Binding {
  enum class Kind : std::uint8_t { variable, local, type, host_function, overloads };
  Kind kind = Kind::variable;
  bool qualified = false;  ///< call: the receiver is part of the function's name
  bool is_field = false;  ///< variable: as declared
  TypeKind type = TypeKind::dyn;  ///< of a type name
  std::uint32_t index = 0;  ///< variable or function of the environment, or slot of a local variable
  std::span<Candidate> candidates;
};

class Checker {
 public:
  Checker(const Environment& environment, Arena& arena, Problems& problems);
  /// Checks the whole tree and binds it; its types are final (no variables) afterwards.
  void check_root(Expr* root, const Type& expected);
  std::uint32_t slots() const { return slots_; }  ///< local variables alive at once

 private:
  struct Local {
    std::string_view name;
    const StaticType* type;
    std::uint32_t slot;
  };

  void check(Expr* expr);
  void check_literal(Expr* expr);
  void check_identifier(Expr* expr);
  void check_select(Expr* expr);
  void check_call(Expr* expr);
  void check_logic(Expr* expr);
  void check_list(Expr* expr);
  void check_map(Expr* expr);
  void check_macro(Expr* expr);
  void check_optional_macro(Expr* expr);
  void check_body(Expr* expr, const StaticType* element);
  void finish(Expr* expr);

  const StaticType* field_type(Expr* expr);
  const StaticType* element_type(Expr* element, bool optional);
  const StaticType* join(const StaticType* before, const StaticType* now);
  bool bind_name(Expr* expr, std::string_view name);
  bool is_qualifier(std::string_view name) const;
  void declare(std::string_view name, const StaticType* type);
  const Local* find_local(std::string_view name) const;

  bool resolve_function(Expr* expr, std::string_view name, bool member);
  const StaticType* call_type(const Expr* at, std::string_view name, std::vector<const StaticType*> arguments);
  const StaticType* check_sorting(Expr* expr);
  std::vector<Candidate> candidates(std::string_view name, bool member, bool& known);
  std::vector<const StaticType*> argument_types(const Expr* expr, bool member) const;
  std::vector<Candidate> fitting(const std::vector<Candidate>& all, std::span<const StaticType* const> arguments,
                                 const StaticType*& result);

  Binding* bind(Expr* expr, Binding::Kind kind, std::size_t index = 0);
  void no_overload(const Expr* at, std::string_view name, std::span<const StaticType* const> arguments, bool member);
  void mismatch(const Expr* at, const StaticType* expected, const StaticType* found);
  const StaticType* simple(TypeKind kind) const { return pool_.simple(kind); }

  const Environment& environment_;
  Arena& arena_;
  Problems& problems_;
  TypePool pool_;
  Unifier unifier_;
  std::vector<Local> locals_;
  std::uint32_t slots_ = 0;
};

/// The type that a name means in expressions: `string`, `net.IP`.
std::optional<TypeKind> type_named(std::string_view name);
/// `a.b.c` if the tree is identifiers joined by plain selects, else empty.
std::string qualified_name(const Expr* expr);
/// Kubernetes' literal validators on a checked tree: homogeneous lists and maps, durations, timestamps, patterns.
void validate_literals(const Expr* root, Problems& problems);

}  // namespace posture::cel
