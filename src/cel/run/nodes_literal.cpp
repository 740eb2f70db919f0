// SPDX-License-Identifier: Apache-2.0
// List and map literals, with optional elements.
#include "cel/run/node.h"
#include "cel/value/json_text.h"

namespace posture::cel {
namespace {

struct ListNode final : Instruction {
  ListNode(std::vector<Code> e, std::vector<bool> o) : elements(std::move(e)), optionals(std::move(o)) {}

  Datum eval(Frame& frame) const override {
    frame.charge(kListUnits);
    // An empty list has a place, too, which tells it from others as a key.
    Datum* values = frame.memory().array<Datum>(std::max<std::size_t>(elements.size(), 1));
    if (values == nullptr) return out_of_memory();
    Datum failure = make_absent();
    std::size_t size = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const bool failed = !is(failure, Tag::absent);
      const std::uint64_t cost = frame.cost;
      Datum value = elements[i]->eval(frame);
      if (failed) frame.cost = cost;  // cel-go is gone by then
      if (is(value, Tag::none) && optional(i)) continue;
      if (optional(i)) value = unwrap(value);
      if (is_error(value)) failure = failed ? worse(failure, value) : value;
      values[size++] = value;
    }
    return is(failure, Tag::absent) ? make_list(values, size) : failure;
  }

  bool optional(std::size_t i) const { return !optionals.empty() && optionals[i]; }
  static Datum unwrap(const Datum& value) {
    if (is(value, Tag::some)) return inner_of(value);
    return is_error(value) ? value : Datum::error("cannot initialize optional list element from non-optional value");
  }

  std::vector<Code> elements;
  std::vector<bool> optionals;
};

struct MapNode final : Instruction {
  MapNode(std::vector<Code> e, std::vector<bool> o) : entries(std::move(e)), optionals(std::move(o)) {}

  Datum eval(Frame& frame) const override {
    frame.charge(kMapUnits);
    MapBuilder builder(frame.memory());
    Datum failure = make_absent();
    for (std::size_t i = 0; i < entries.size(); i += 2) {
      const bool failed = !is(failure, Tag::absent);
      const std::uint64_t cost = frame.cost;
      const Datum error = put(frame, builder, i);
      if (failed) frame.cost = cost;  // cel-go is gone by then
      if (is_error(error)) failure = failed ? worse(failure, error) : error;
    }
    return is(failure, Tag::absent) ? builder.finish() : failure;
  }

  Datum put(Frame& frame, MapBuilder& builder, std::size_t i) const {
    const Datum key = entries[i]->eval(frame);
    const std::uint64_t cost = frame.cost;
    Datum value = entries[i + 1]->eval(frame);
    if (is_error(key)) {
      frame.cost = cost;
      return worse(key, value);
    }
    if (is_error(value)) return value;
    if (is_unhashable(key)) return keep_error(frame.memory(), "unsupported key type: " + std::string(type_name(key)));
    if (!optionals.empty() && optionals[i / 2]) {
      if (is(value, Tag::none)) {
        builder.erase(key);
        return make_absent();
      }
      if (!is(value, Tag::some)) {
        return keep_error(frame.memory(),
                          "cannot initialize optional entry '" + display(key) + "' from non-optional value");
      }
      value = inner_of(value);
    }
    return builder.assign(key, value) ? make_absent() : out_of_memory();
  }

  std::vector<Code> entries;
  std::vector<bool> optionals;
};

struct ReadingNode final : Instruction {
  explicit ReadingNode(Code c) : code(std::move(c)) {}

  Datum eval(Frame& frame) const override {
    Datum value = code->eval(frame);
    if (is(value, Tag::json_list) || is(value, Tag::json_map)) value.payload.zone = ++frame.readings;
    return value;
  }

  Code code;
};

}  // namespace

Code make_reading(Code code) { return std::make_unique<ReadingNode>(std::move(code)); }
Code make_list_literal(std::vector<Code> elements, std::vector<bool> optionals) {
  return std::make_unique<ListNode>(std::move(elements), std::move(optionals));
}
Code make_map_literal(std::vector<Code> entries, std::vector<bool> optionals) {
  return std::make_unique<MapNode>(std::move(entries), std::move(optionals));
}

}  // namespace posture::cel
