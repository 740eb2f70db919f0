// SPDX-License-Identifier: Apache-2.0
// Names and selections: constants, variables, paths of constant keys in one node, indexes, has().
#include <optional>

#include "cel/run/node.h"
#include "cel/run/qualify.h"

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

// Part of a chain of selections, which begins with a name or with any other value.
struct Attribute : Instruction {
  Datum eval(Frame& frame) const override {
    const Datum value = resolve(frame);
    frame.charge(end_cost());
    return value;
  }
};

struct VariableNode final : Attribute {
  VariableNode(std::uint32_t s, std::uint32_t i, std::uint64_t c) : slot(s), index(i), selection(c) {}
  Datum resolve(Frame& frame) const override {
    frame.charge(selection);
    Datum& value = frame.variables[slot];
    if (is(value, Tag::absent)) value = frame.host->variable(index, frame.scratch);
    return value;
  }
  std::uint32_t slot;
  std::uint32_t index;
  std::uint64_t selection;  // units
};

struct LocalNode final : Attribute {
  explicit LocalNode(std::uint32_t s) : slot(s) {}
  Datum resolve(Frame& frame) const override { return frame.locals[slot]; }
  std::uint32_t slot;
};

struct BoundLocalNode final : Attribute {
  explicit BoundLocalNode(std::uint32_t s) : slot(s) {}
  Datum resolve(Frame& frame) const override {
    Datum& price = frame.locals[slot + 1];
    frame.charge(uint_of(price));
    price = Datum::uinteger(0);
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

// One selection from `value`; absent if an optional one finds nothing. What is found costs a unit, and so does what fails
// though it is not optional.
template <typename Key>
Datum step(Frame& frame, const Datum& value, const Key& key, bool optional) {
  const Datum found = select(frame, value, key, optional);
  if (!optional || (!is(found, Tag::absent) && !is_error(found))) frame.charge(1);
  return found;
}

struct PathNode final : Attribute {
  PathNode(Code r, std::vector<Step> s) : root(std::move(r)), steps(std::move(s)), end(root->end_cost()) {}

  std::uint64_t end_cost() const override { return end; }

  Datum resolve(Frame& frame) const override {
    bool optional = false;
    const Datum value = follow(frame, optional);
    if (is(value, Tag::absent)) return make_plain(Tag::none);
    return optional && !is_error(value) ? Datum::some(value, frame.scratch) : value;
  }

  Datum eval_inside(Frame& frame) const override {
    bool optional = false;
    const Datum value = follow(frame, optional);
    frame.charge(end);
    if (optional || is_error(value)) return value;
    return is(value, Tag::some) ? inner_of(value) : (is(value, Tag::none) ? make_absent() : no_such_overload());
  }

  // The value at the end of the path, absent if an optional step found nothing.
  Datum follow(Frame& frame, bool& optional) const {
    Datum value = root->resolve(frame);
    if (is_error(value)) return value;
    if (!enter(value, optional)) {
      optional = true;
      return make_absent();
    }
    for (const Step& at : steps) {
      optional = optional || at.optional;
      value = step(frame, value, at.key, optional);
      if (is(value, Tag::absent)) return value;
      if (!is_error(value)) continue;
      if (frame.failed_at == kNoPlace) frame.failed_at = at.place;
      return value;
    }
    return value;
  }

  Code root;
  std::vector<Step> steps;
  std::uint64_t end;
};

struct PresenceNode final : Instruction {
  PresenceNode(Code o, std::string k) : operand(std::move(o)), key(std::move(k)) {}

  // The end of the chain is free under has().
  Datum eval(Frame& frame) const override {
    const Datum value = resolve(frame);
    frame.charge(operand->end_cost() - 1);
    return value;
  }

  Datum resolve(Frame& frame) const override {
    Datum value = operand->resolve(frame);
    if (is_error(value)) return value;
    bool optional = false;
    if (!enter(value, optional)) return make_bool(false);
    value = select(frame, value, key, true);
    if (!optional || (!is(value, Tag::absent) && !is_error(value))) frame.charge(1);
    return is_error(value) ? value : make_bool(!is(value, Tag::absent));
  }

  Code operand;
  std::string key;
};

struct IndexNode final : Attribute {
  IndexNode(Code o, Code k, bool opt) : operand(std::move(o)), key(std::move(k)), test(opt), end(operand->end_cost()) {}

  std::uint64_t end_cost() const override { return end; }

  Datum resolve(Frame& frame) const override {
    Datum value = operand->resolve(frame);
    if (is_error(value)) return is(value, Tag::unknown) ? value : worse(value, key_free_of_charge(frame));
    bool optional = test;
    if (!enter(value, optional)) return value;
    const Datum at = key->resolve(frame);
    if (is_error(at)) {
      if (!optional) frame.charge(1);
      return at;
    }
    value = step(frame, value, at, optional);
    if (is(value, Tag::absent)) return make_plain(Tag::none);
    return optional && !is_error(value) ? Datum::some(value, frame.scratch) : value;
  }

  // cel-go does not come to the key; only here may it be unknown.
  Datum key_free_of_charge(Frame& frame) const {
    const std::uint64_t cost = frame.cost;
    const Datum at = key->resolve(frame);
    frame.cost = cost;
    return at;
  }

  Code operand;
  Code key;
  bool test;
  std::uint64_t end;
};

}  // namespace

Datum Instruction::eval_inside(Frame& frame) const {
  const Datum value = eval(frame);
  if (is(value, Tag::some)) return inner_of(value);
  return is(value, Tag::none) ? make_absent() : no_overload_for(value);
}

Code make_literal(Datum value) { return std::make_unique<ConstantNode>(value, 0, true); }
Code make_constant(Datum value, std::uint64_t cost) { return std::make_unique<ConstantNode>(value, cost, false); }
Code make_variable(std::uint32_t slot, std::uint32_t index, bool is_field) {
  return std::make_unique<VariableNode>(slot, index, is_field ? 1 : 0);
}
Code make_local(std::uint32_t slot) { return std::make_unique<LocalNode>(slot); }
Code make_bound_local(std::uint32_t slot) { return std::make_unique<BoundLocalNode>(slot); }
Code make_path(Code root, std::vector<Step> steps) {
  return std::make_unique<PathNode>(std::move(root), std::move(steps));
}
Code make_presence(Code operand, std::string key) {
  return std::make_unique<PresenceNode>(std::move(operand), std::move(key));
}
Code make_index(Code operand, Code key, bool optional) {
  return std::make_unique<IndexNode>(std::move(operand), std::move(key), optional);
}

}  // namespace posture::cel
