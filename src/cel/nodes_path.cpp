// SPDX-License-Identifier: Apache-2.0
// Names and selections: constants, variables, paths of constant keys in one node, indexes, has().
#include <optional>

#include "cel/node.h"
#include "cel/qualify.h"

namespace posture::cel {
namespace {

struct ConstantNode final : Instruction {
  ConstantNode(Datum datum, std::uint64_t units, bool is_literal)
      : value(datum),
        cost(units),
        is_literal_(is_literal) {}
  Datum eval(Frame& frame) const override {
    frame.charge(cost);
    return value;
  }
  const Datum* constant() const override { return &value; }
  bool literal() const override { return is_literal_; }
  Datum value;
  std::uint64_t cost;
  bool is_literal_;
};

struct VariableNode final : Instruction {
  VariableNode(std::uint32_t s, std::uint32_t i) : slot(s), index(i) {}
  Datum eval(Frame& frame) const override {
    frame.charge(1);
    Datum& value = frame.variables[slot];
    if (is(value, Tag::absent)) value = frame.host->variable(index, frame.scratch);
    return value;
  }
  std::uint32_t slot;
  std::uint32_t index;
};

struct LocalNode final : Instruction {
  explicit LocalNode(std::uint32_t s) : slot(s) {}
  Datum eval(Frame& frame) const override {
    frame.charge(1);
    return frame.locals[slot];
  }
  std::uint32_t slot;
};

// Unwraps an optional operand. False if it is none, and the whole selection is none.
bool enter(Datum& value, bool& optional) {
  if (is(value, Tag::none)) return false;
  if (is(value, Tag::some)) {
    value = inner_of(value);
    optional = true;
  }
  return true;
}

struct PathNode final : Instruction {
  PathNode(Code r, std::vector<Step> s, bool name) : root(std::move(r)), steps(std::move(s)), extra(name ? 0 : 1) {}

  Datum eval(Frame& frame) const override {
    bool optional = false;
    const Datum value = follow(frame, optional);
    if (is(value, Tag::absent)) return make_plain(Tag::none);
    return optional && !is_error(value) ? Datum::some(value, frame.scratch) : value;
  }

  Datum eval_inside(Frame& frame) const override {
    bool optional = false;
    const Datum value = follow(frame, optional);
    if (optional || is_error(value)) return value;
    return is(value, Tag::some) ? inner_of(value) : (is(value, Tag::none) ? make_absent() : no_such_overload());
  }

  // The value at the end of the path, absent if an optional step found nothing.
  Datum follow(Frame& frame, bool& optional) const {
    Datum value = root->eval(frame);
    if (is_error(value)) return value;
    frame.charge(extra);
    if (!enter(value, optional)) {
      optional = true;
      return make_absent();
    }
    for (const Step& step : steps) {
      optional = optional || step.optional;
      value = select(frame, value, step.key, optional);
      if (is(value, Tag::absent)) return value;
      frame.charge(1);
      if (!is_error(value)) continue;
      if (frame.failed_at == kNoPlace) frame.failed_at = step.place;
      return value;
    }
    return value;
  }

  Code root;
  std::vector<Step> steps;
  std::uint64_t extra;
};

struct PresenceNode final : Instruction {
  PresenceNode(Code o, std::string k) : operand(std::move(o)), key(std::move(k)) {}

  Datum eval(Frame& frame) const override {
    Datum value = operand->eval(frame);
    if (is_error(value)) return value;
    bool optional = false;
    if (!enter(value, optional)) return make_bool(false);
    value = select(frame, value, key, true);
    return is_error(value) ? value : make_bool(!is(value, Tag::absent));
  }

  Code operand;
  std::string key;
};

struct IndexNode final : Instruction {
  IndexNode(Code o, Code k, bool opt) : operand(std::move(o)), key(std::move(k)), test(opt) {}

  Datum eval(Frame& frame) const override {
    Datum value = operand->eval(frame);
    const Datum at = is_error(value) && is(value, Tag::unknown) ? value : key->eval(frame);
    if (is_error(value)) return is_error(at) ? worse(value, at) : value;
    bool optional = test;
    if (!enter(value, optional)) return value;
    if (is_error(at)) return at;
    value = select(frame, value, at, optional);
    if (is(value, Tag::absent)) return make_plain(Tag::none);
    frame.charge(1);
    return optional && !is_error(value) ? Datum::some(value, frame.scratch) : value;
  }

  Code operand;
  Code key;
  bool test;
};

}  // namespace

Datum Instruction::eval_inside(Frame& frame) const {
  const Datum value = eval(frame);
  if (is(value, Tag::some)) return inner_of(value);
  return is(value, Tag::none) ? make_absent() : no_overload_for(value);
}

Code make_literal(Datum value) { return std::make_unique<ConstantNode>(value, 0, true); }
Code make_constant(Datum value, std::uint64_t cost) { return std::make_unique<ConstantNode>(value, cost, false); }
Code make_variable(std::uint32_t slot, std::uint32_t index) { return std::make_unique<VariableNode>(slot, index); }
Code make_local(std::uint32_t slot) { return std::make_unique<LocalNode>(slot); }
Code make_path(Code root, std::vector<Step> steps, bool root_is_name) {
  return std::make_unique<PathNode>(std::move(root), std::move(steps), root_is_name);
}
Code make_presence(Code operand, std::string key) {
  return std::make_unique<PresenceNode>(std::move(operand), std::move(key));
}
Code make_index(Code operand, Code key, bool optional) {
  return std::make_unique<IndexNode>(std::move(operand), std::move(key), optional);
}

}  // namespace posture::cel
