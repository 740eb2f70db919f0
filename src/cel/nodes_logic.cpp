// SPDX-License-Identifier: Apache-2.0
// &&, ||, !, ?: and the lazy optional functions: everything that need not evaluate all its operands.
#include "cel/node.h"

namespace posture::cel {
namespace {

// A deciding term wins over errors on either side; a term that is no bool counts as an error.
struct LogicNode final : Instruction {
  LogicNode(bool conjunction, std::vector<Code> t) : decisive(!conjunction), terms(std::move(t)) {}

  Datum eval(Frame& frame) const override {
    Datum failure = make_absent();
    for (const Code& term : terms) {
      const Datum value = term->eval(frame);
      if (!is_bool(value)) {
        const Datum error = no_overload_for(value);
        failure = is(failure, Tag::absent) ? error : worse(failure, error);
      } else if (bool_of(value) == decisive) {
        return value;
      }
    }
    return is(failure, Tag::absent) ? Datum::boolean(!decisive) : failure;
  }

  bool decisive;
  std::vector<Code> terms;
};

struct NotNode final : Instruction {
  explicit NotNode(Code o) : operand(std::move(o)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = operand->eval(frame);
    frame.charge(1);
    return is_bool(value) ? Datum::boolean(!bool_of(value)) : no_overload_for(value);
  }
  Code operand;
};

struct TernaryNode final : Instruction {
  TernaryNode(Code c, Code y, Code n) : condition(std::move(c)), yes(std::move(y)), no(std::move(n)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = condition->eval(frame);
    if (!is_bool(value)) return no_overload_for(value);
    return (bool_of(value) ? yes : no)->eval(frame);
  }
  Code condition;
  Code yes;
  Code no;
};

struct OrValueNode final : Instruction {
  OrValueNode(Code o, Code f, bool u) : optional(std::move(o)), fallback(std::move(f)), unwrap(u) {}
  Datum eval(Frame& frame) const override {
    const Datum value = optional->eval(frame);
    if (is(value, Tag::some)) return unwrap ? inner_of(value) : value;
    return is(value, Tag::none) ? fallback->eval(frame) : no_overload_for(value);
  }
  Code optional;
  Code fallback;
  bool unwrap;
};

}  // namespace

Code make_logic(bool conjunction, std::vector<Code> terms) {
  return std::make_unique<LogicNode>(conjunction, std::move(terms));
}
Code make_not(Code operand) { return std::make_unique<NotNode>(std::move(operand)); }
Code make_ternary(Code condition, Code yes, Code no) {
  return std::make_unique<TernaryNode>(std::move(condition), std::move(yes), std::move(no));
}
Code make_or_value(Code optional, Code fallback, bool unwrap) {
  return std::make_unique<OrValueNode>(std::move(optional), std::move(fallback), unwrap);
}

}  // namespace posture::cel
