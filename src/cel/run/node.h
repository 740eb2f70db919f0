// SPDX-License-Identifier: Apache-2.0
// Compiled code: a tree of small nodes. eval never throws; errors are values. The factories below are all the emitter knows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cel/library/library.h"
#include "cel/run/frame.h"
#include "cel/syntax/ast.h"

namespace posture::cel {

struct Instruction {
  virtual ~Instruction() = default;
  virtual Datum eval(Frame& frame) const = 0;
  /// cel-go evaluates a chain of selections as one step, and charges for it at its end. This is the value where the chain goes on:
  /// that of a name or a selection without `end_cost`, of anything else as eval gives it.
  virtual Datum resolve(Frame& frame) const { return eval(frame); }
  /// Units for the end of a chain that begins here.
  virtual std::uint64_t end_cost() const { return 1; }
  /// What is inside the optional that eval would make: absent if nothing, `no such overload` if it is none.
  virtual Datum eval_inside(Frame& frame) const;
  virtual const Datum* constant() const { return nullptr; }  ///< the value, if it is always the same
  /// Is it a constant to cel-go too? That folds literals and their conversions only, and what fails there does not compile.
  virtual bool literal() const { return false; }
};
using Code = std::unique_ptr<const Instruction>;

/// The same, with its place in the text noted where it fails.
Code make_placed(Code code, std::uint32_t offset);

/// The same; each list or map in JSON that it gives is another key than all before, as in cel-go, which wraps what it reads.
Code make_reading(Code code);

/// One step of a path: a constant string key.
struct Step {
  std::string key;
  bool optional = false;
  std::uint32_t place = kNoPlace;  ///< of the key in the text, where places are kept
};

Code make_literal(Datum value);  ///< the value's memory belongs to the program
Code make_constant(Datum value, std::uint64_t cost);  ///< the same for a call that was made at compile time
Code make_variable(std::uint32_t slot, std::uint32_t index, bool is_field);
Code make_local(std::uint32_t slot);
/// The variable of optMap and optFlatMap; its value costs what the next slot says, the first time only.
Code make_bound_local(std::uint32_t slot);
Code make_path(Code root, std::vector<Step> steps);
Code make_presence(Code operand, std::string key);
Code make_index(Code operand, Code key, bool optional);

Code make_logic(bool conjunction, std::vector<Code> terms);
Code make_not(Code operand);
Code make_ternary(Code condition, Code yes, Code no);
Code make_or_value(Code optional, Code fallback);
Code make_or(Code optional, Code fallback);
Code make_has_value(Code optional);

/// nullptr if `name` is no operator with a node of its own. No `units`: one.
Code make_binary(std::string_view name, Code left, Code right, Units units);
Code make_negate(Code operand);
/// `in` a list that never changes: free.
Code make_member_of(Code item, Code constants);

/// What a parameter takes at run time, dyn being anything: a kind, and for lists that of the first element.
struct Guard {
  TypeKind kind = TypeKind::dyn;
  TypeKind element = TypeKind::dyn;
};
struct Callable {
  const Overload* overload = nullptr;
  std::vector<Guard> parameters;
  Units units = nullptr;
};
Code make_call(std::vector<Callable> overloads, std::vector<Code> arguments);
Code make_host_call(std::uint32_t function, std::vector<Code> arguments);
/// Calls of matches, find and findAll with a constant pattern. nullptr for other functions; `error` if it is no pattern.
Code make_pattern_call(std::string_view name, std::string_view pattern, std::vector<Code>& arguments,
                       std::string& error);

Code make_list_literal(std::vector<Code> elements, std::vector<bool> optionals);
Code make_map_literal(std::vector<Code> entries, std::vector<bool> optionals);

/// A macro over `range`; its variables live in `slot` and, if `two`, the next.
struct Loop {
  Macro macro = Macro::all;
  std::uint32_t slot = 0;
  bool two = false;
  Code range;
  Code condition;  ///< may be null
  Code body;
  Units units = nullptr;  ///< sortBy: of the sorting; null: one
  std::vector<std::uint32_t> bound;  ///< optMap, optFlatMap: slots of the bound variables in scope
};
Code make_loop(Loop loop);
Code make_optional_map(Loop loop);

}  // namespace posture::cel
