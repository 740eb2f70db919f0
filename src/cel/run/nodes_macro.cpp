// SPDX-License-Identifier: Apache-2.0
// Macros as loops. The units charged are those of cel-go's expansions, step by step.
#include "cel/library/lists.h"
#include "cel/run/node.h"
#include "cel/value/json_text.h"

namespace posture::cel {
namespace {

/// What a loop walks over: a list (elements; with two variables index and element) or a map (keys; keys and values).
class Range {
 public:
  Range(const Datum& data, const Loop& loop) : data_(data), loop_(loop) {}
  static bool possible(const Datum& data) { return is_list(data) || is_map(data); }
  std::size_t size() const { return data_.payload.size; }

  void enter(Frame& frame, std::size_t i) const {
    Datum* slots = &frame.locals[loop_.slot];
    if (is_list(data_)) {
      const Datum element = list_at(data_, i);
      slots[0] = loop_.two ? Datum::integer(static_cast<std::int64_t>(i)) : element;
      if (loop_.two) slots[1] = element;
      return;
    }
    const Entry entry = map_at(data_, i);
    slots[0] = entry.key;
    if (loop_.two) slots[1] = entry.value;
  }

 private:
  const Datum& data_;
  const Loop& loop_;
};

// Remembers the failure to report.
struct Failure {
  Datum datum = make_absent();
  bool any() const { return !is(datum, Tag::absent); }
  void add(const Datum& error) { datum = any() ? worse(datum, error) : error; }
};

struct LoopNode : Instruction {
  explicit LoopNode(Loop l) : loop(std::move(l)) {}

  Datum eval(Frame& frame) const override {
    const Datum data = loop.range->eval(frame);
    if (is_error(data)) return data;
    if (!Range::possible(data)) {
      return keep_error(frame.memory(), "got '" + std::string(type_name(data)) + "', expected iterable type");
    }
    const Range range(data, loop);
    return walk(frame, range);
  }

  virtual Datum walk(Frame& frame, const Range& range) const = 0;

  /// Does the element pass the condition? Adds to `failure` if that has no answer.
  bool admits(Frame& frame, const Code& condition, Failure& failure) const {
    if (condition == nullptr) return true;
    const Datum value = condition->eval(frame);
    if (is_bool(value)) return bool_of(value);
    failure.add(no_overload_for(value));
    return false;
  }

  Loop loop;
};

// all and exists: an element that decides wins over errors of others.
struct QuantifierNode final : LoopNode {
  explicit QuantifierNode(Loop l) : LoopNode(std::move(l)), decisive(loop.macro == Macro::exists) {}

  // The element after the one that decides is still looked at.
  Datum walk(Frame& frame, const Range& range) const override {
    const std::uint64_t look = decisive ? 3 : 2;
    Failure failure;
    for (std::size_t i = 0; i < range.size() && !frame.stopped(); ++i) {
      range.enter(frame, i);
      frame.charge(look + 1);
      const Datum value = loop.body->eval(frame);
      if (!is_bool(value)) {
        failure.add(no_overload_for(value));
      } else if (bool_of(value) == decisive) {
        frame.charge(i + 1 < range.size() ? look + 1 : 1);
        return value;
      }
    }
    frame.charge(1);
    return failure.any() ? failure.datum : make_bool(!decisive);
  }

  bool decisive;
};

struct ExistsOneNode final : LoopNode {
  using LoopNode::LoopNode;
  Datum walk(Frame& frame, const Range& range) const override {
    Failure failure;
    std::size_t count = 0;
    for (std::size_t i = 0; i < range.size() && !frame.stopped(); ++i) {
      range.enter(frame, i);
      const bool hit = admits(frame, loop.body, failure);
      count += hit ? 1 : 0;
      frame.charge(hit ? 2 : 0);
    }
    frame.charge(2);
    return failure.any() ? failure.datum : make_bool(count == 1);
  }
};

constexpr std::uint64_t kAppend =
    2;  // the list so far, and the operator; a list of one element, too, unless it is a constant

// map, filter, transformList: the result grows in place, never longer than the range.
struct CollectNode final : LoopNode {
  using LoopNode::LoopNode;
  Datum walk(Frame& frame, const Range& range) const override {
    Datum* values = frame.memory().array<Datum>(range.size());
    if (values == nullptr) return out_of_memory();
    const bool filter = loop.macro == Macro::filter;
    const Code& condition = filter ? loop.body : loop.condition;
    const std::uint64_t append = kAppend + (filter || !loop.body->literal() ? kListUnits : 0);
    Failure failure;
    std::size_t size = 0;
    for (std::size_t i = 0; i < range.size() && !frame.stopped(); ++i) {
      range.enter(frame, i);
      const bool taken = admits(frame, condition, failure);
      if (!taken) continue;
      frame.charge(append);
      const Datum value = filter ? frame.locals[loop.slot] : loop.body->eval(frame);
      if (is_error(value)) failure.add(value);
      values[size++] = value;
      if (filter) frame.charge(1);
    }
    frame.charge(1);
    return failure.any() ? failure.datum : make_list(values, size);
  }
};

// The keys are collected as map() would, and a function gets list and keys.
struct SortNode final : LoopNode {
  using LoopNode::LoopNode;
  Datum eval(Frame& frame) const override {
    const Datum data = loop.range->eval(frame);
    if (is(data, Tag::unknown)) return data;
    frame.charge(2);
    const Datum keys =
        is_error(data) || !Range::possible(data) ? no_overload_for(data) : walk(frame, Range(data, loop));
    frame.charge(units_of(loop.units, std::span<const Datum>(&keys, 1), keys));
    if (is_error(keys)) return keys;
    if (frame.stopped()) return out_of_memory();
    return is_list(data) ? sort_by_keys(frame, data, keys) : no_such_overload();
  }

  Datum walk(Frame& frame, const Range& range) const override {
    Datum* keys = frame.memory().array<Datum>(range.size());
    if (keys == nullptr) return out_of_memory();
    Failure failure;
    for (std::size_t i = 0; i < range.size() && !frame.stopped(); ++i) {
      range.enter(frame, i);
      frame.charge(kAppend + (loop.body->literal() ? 0 : kListUnits));
      keys[i] = loop.body->eval(frame);
      if (is_error(keys[i])) failure.add(keys[i]);
    }
    frame.charge(1);
    return failure.any() ? failure.datum : make_list(keys, range.size());
  }
};

struct CollectMapNode final : LoopNode {
  using LoopNode::LoopNode;
  Datum walk(Frame& frame, const Range& range) const override {
    MapBuilder builder(frame.memory());
    Failure failure;
    for (std::size_t i = 0; i < range.size() && !frame.stopped(); ++i) {
      range.enter(frame, i);
      const bool taken = admits(frame, loop.condition, failure);
      if (!taken) continue;
      frame.charge(loop.macro == Macro::transform_map ? 3 : 2);
      const Datum value = loop.body->eval(frame);
      if (is_error(value)) {
        failure.add(value);
      } else if (!failure.any()) {
        add(frame, builder, value, failure);
      }
    }
    frame.charge(1);
    return failure.any() ? failure.datum : builder.finish();
  }

  void add(Frame& frame, MapBuilder& builder, const Datum& value, Failure& failure) const {
    if (loop.macro == Macro::transform_map) return insert(frame, builder, {frame.locals[loop.slot], value}, failure);
    if (!is_map(value)) return failure.add(no_such_overload());
    for (std::size_t i = 0; i < map_size(value); ++i) insert(frame, builder, map_at(value, i), failure);
  }

  static void insert(Frame& frame, MapBuilder& builder, const Entry& entry, Failure& failure) {
    switch (builder.insert(entry.key, entry.value)) {
      case MapBuilder::Insertion::done: return;
      case MapBuilder::Insertion::exists:
        return failure.add(keep_error(frame.memory(), "insert failed: key " + display(entry.key) + " already exists"));
      case MapBuilder::Insertion::no_memory: return failure.add(out_of_memory());
    }
  }
};

// The expansion evaluates its target twice: for hasValue(), and for the variable once that is needed.
struct OptionalMapNode final : Instruction {
  explicit OptionalMapNode(Loop l) : loop(std::move(l)) {}

  Datum eval(Frame& frame) const override {
    const std::uint64_t before = frame.cost + owed(frame);
    const Datum target = loop.range->eval_inside(frame);
    const std::uint64_t spent = frame.cost + owed(frame) - before;
    frame.charge(1);
    if (is_error(target)) return target;
    if (is(target, Tag::absent)) {
      frame.charge(1);
      return make_plain(Tag::none);
    }
    frame.locals[loop.slot] = target;
    frame.locals[loop.slot + 1] = Datum::uinteger(spent + 1);
    const Datum value = loop.body->eval(frame);
    if (loop.macro == Macro::opt_flat_map) return value;
    frame.charge(1);
    return is_error(value) ? value : Datum::some(value, frame.scratch);
  }

  std::uint64_t end_cost() const override { return 0; }  // it is a ternary

  // What the variables around this one have still to pay: whoever asks for them first.
  std::uint64_t owed(Frame& frame) const {
    std::uint64_t units = 0;
    for (const std::uint32_t slot : loop.bound) units += uint_of(frame.locals[slot + 1]);
    return units;
  }

  Loop loop;
};

}  // namespace

Code make_loop(Loop loop) {
  switch (loop.macro) {
    case Macro::all:
    case Macro::exists: return std::make_unique<QuantifierNode>(std::move(loop));
    case Macro::exists_one: return std::make_unique<ExistsOneNode>(std::move(loop));
    case Macro::sort_by: return std::make_unique<SortNode>(std::move(loop));
    case Macro::transform_map:
    case Macro::transform_map_entry: return std::make_unique<CollectMapNode>(std::move(loop));
    default: return std::make_unique<CollectNode>(std::move(loop));
  }
}

Code make_optional_map(Loop loop) { return std::make_unique<OptionalMapNode>(std::move(loop)); }

}  // namespace posture::cel
