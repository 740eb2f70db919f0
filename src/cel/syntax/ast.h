// SPDX-License-Identifier: Apache-2.0
// The syntax tree: arena nodes with source offsets. Chains of && and || are one node, each macro is one node.
#pragma once

#include <span>
#include <string_view>

#include "base/arena.h"
#include "posture/cel.h"

namespace posture::cel {

struct StaticType;
struct Binding;

enum class ExprKind : std::uint8_t { literal, identifier, select, call, list, map, macro };

enum class Macro : std::uint8_t {
  all,
  exists,
  exists_one,
  map,
  filter,
  transform_list,
  transform_map,
  transform_map_entry,
  sort_by,
  opt_map,
  opt_flat_map
};

struct Expr {
  ExprKind kind = ExprKind::literal;
  Macro macro = Macro::all;
  bool optional = false;   ///< select: `.?`
  bool presence = false;   ///< select: under has()
  bool member = false;     ///< call: target.f(…)
  std::uint16_t height = 0;
  std::uint32_t offset = 0;
  std::string_view name;        ///< identifier, field or function (operators by cel-go's names, as `_+_`)
  Datum value{};                ///< literal
  Expr* target = nullptr;       ///< operand of a select, receiver of a call, range of a macro
  std::span<Expr*> items;       ///< arguments; elements; keys and values in turn
  std::span<bool> optionals;    ///< list: per element; map: per entry; empty if none
  std::string_view variables[2];  ///< macro: the second is empty for one-variable forms
  Expr* condition = nullptr;    ///< macro: filter, where there is one
  Expr* body = nullptr;         ///< macro
  const StaticType* type = nullptr;    ///< set by the checker
  const Binding* binding = nullptr;    ///< set by the checker: what an identifier, qualified name or call means
};

/// Operators' names as calls.
namespace op {
inline constexpr std::string_view kAnd = "_&&_", kOr = "_||_", kNot = "!_", kNegate = "-_", kTernary = "_?_:_",
                                  kIndex = "_[_]", kOptIndex = "_[?_]", kIn = "@in", kEqual = "_==_", kUnequal = "_!=_",
                                  kAdd = "_+_";
}  // namespace op

}  // namespace posture::cel
