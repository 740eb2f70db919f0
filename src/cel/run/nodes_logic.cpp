// SPDX-License-Identifier: Apache-2.0
// &&, ||, !, ?: and the lazy optional functions: everything that need not evaluate all its operands.
#include "cel/run/node.h"

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
    return is(failure, Tag::absent) ? make_bool(!decisive) : failure;
  }

  bool decisive;
  std::vector<Code> terms;
};

struct NotNode final : Instruction {
  explicit NotNode(Code o) : operand(std::move(o)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = operand->eval(frame);
    frame.charge(1);
    return is_bool(value) ? make_bool(!bool_of(value)) : no_overload_for(value);
  }
  Code operand;
};

struct TernaryNode final : Instruction {
  TernaryNode(Code c, Code y, Code n) : condition(std::move(c)), yes(std::move(y)), no(std::move(n)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = condition->eval(frame);
    if (!is_bool(value)) return no_overload_for(value);
    return (bool_of(value) ? yes : no)->resolve(frame);
  }
  std::uint64_t end_cost() const override { return 0; }
  Code condition;
  Code yes;
  Code no;
};

struct OrValueNode final : Instruction {
  OrValueNode(Code o, Code f) : optional(std::move(o)), fallback(std::move(f)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = optional->eval_inside(frame);
    return is(value, Tag::absent) ? fallback->eval(frame) : value;
  }
  Code optional;
  Code fallback;
};

struct OrNode final : Instruction {
  OrNode(Code o, Code f) : optional(std::move(o)), fallback(std::move(f)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = optional->eval(frame);
    return is(value, Tag::none) ? fallback->eval(frame) : (is(value, Tag::some) ? value : no_overload_for(value));
  }
  Datum eval_inside(Frame& frame) const override {
    const Datum value = optional->eval_inside(frame);
    return is(value, Tag::absent) ? fallback->eval_inside(frame) : value;
  }
  Code optional;
  Code fallback;
};

struct HasValueNode final : Instruction {
  explicit HasValueNode(Code o) : optional(std::move(o)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = optional->eval_inside(frame);
    frame.charge(1);
    return is_error(value) ? value : make_bool(!is(value, Tag::absent));
  }
  Code optional;
};

}  // namespace

Code make_logic(bool conjunction, std::vector<Code> terms) {
  return std::make_unique<LogicNode>(conjunction, std::move(terms));
}
Code make_not(Code operand) { return std::make_unique<NotNode>(std::move(operand)); }
Code make_ternary(Code condition, Code yes, Code no) {
  return std::make_unique<TernaryNode>(std::move(condition), std::move(yes), std::move(no));
}
Code make_or_value(Code optional, Code fallback) {
  return std::make_unique<OrValueNode>(std::move(optional), std::move(fallback));
}
Code make_or(Code optional, Code fallback) {
  return std::make_unique<OrNode>(std::move(optional), std::move(fallback));
}
Code make_has_value(Code optional) { return std::make_unique<HasValueNode>(std::move(optional)); }

}  // namespace posture::cel
