// SPDX-License-Identifier: Apache-2.0
// Strict operators of one or two operands.
#include <algorithm>
#include <array>

#include "cel/run/arithmetic.h"
#include "cel/run/node.h"
#include "cel/value/compare.h"
#include "cel/value/opaque.h"

namespace posture::cel {
namespace {

using Operation = Datum (*)(Frame&, const Datum&, const Datum&);

Datum equals(Frame& frame, const Datum& left, const Datum& right) {
  if (refuses_equality(left, right)) return no_such_overload();
  return make_bool(equal(frame, left, right));
}

Datum differs(Frame& frame, const Datum& left, const Datum& right) {
  return make_bool(refuses_equality(left, right) || !equal(frame, left, right));
}

// `allowed` has a bit for each outcome: 1 less, 2 equal, 4 greater.
template <unsigned allowed>
Datum ordered(Frame&, const Datum& left, const Datum& right) {
  const Order order = compare(left, right);
  if (order.ordered) return make_bool((allowed & (1u << (order.sign + 1))) != 0);
  return is_number(left) && is_number(right) ? Datum::error("NaN values cannot be ordered") : no_such_overload();
}

Datum contains(Frame& frame, const Datum& item, const Datum& collection) {
  if (is_map(collection)) {
    // Go looks for no key in an empty map, and panics elsewhere.
    frame.panicked = frame.panicked || (is(collection, Tag::map) && map_size(collection) > 0 && is_unhashable(item));
    return make_bool(!is(map_find(frame.memory(), collection, item), Tag::absent));
  }
  if (!is_list(collection)) return no_such_overload();
  const std::size_t size = list_size(collection);
  for (std::size_t i = 0; i < size; ++i) {
    if (equal(frame, list_at(collection, i), item)) return make_bool(true);
  }
  return make_bool(false);
}

struct Row {
  std::string_view name;
  Operation operation;
};

constexpr std::array<Row, 12> kOperations = {{
    {"_==_", equals},
    {"_!=_", differs},
    {"_<_", ordered<1>},
    {"_<=_", ordered<3>},
    {"_>_", ordered<4>},
    {"_>=_", ordered<6>},
    {"_+_", add},
    {"_-_", subtract},
    {"_*_", multiply},
    {"_/_", divide},
    {"_%_", remainder},
    {"@in", contains},
}};

struct BinaryNode final : Instruction {
  BinaryNode(Operation o, Code l, Code r, Units u) : operation(o), left(std::move(l)), right(std::move(r)), units(u) {}

  Datum eval(Frame& frame) const override {
    std::array<Datum, 2> values = {left->eval(frame), make_absent()};
    const Datum& a = values[0];
    if (is(a, Tag::unknown)) return a;
    values[1] = right->eval(frame);
    const Datum& b = values[1];
    if (!is_error(a) && !is_error(b)) return charged(frame, values, operation(frame, a, b));
    return charged(frame, values, is_error(a) ? worse(a, b) : b);
  }

  Datum charged(Frame& frame, std::span<const Datum> values, const Datum& result) const {
    frame.charge(units_of(units, values, result));
    return result;
  }

  Operation operation;
  Code left;
  Code right;
  Units units;
};

struct MemberNode final : Instruction {
  MemberNode(Code i, Code c) : item(std::move(i)), constants(std::move(c)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = item->eval(frame);
    return is_error(value) ? value : contains(frame, value, *constants->constant());
  }
  Code item;
  Code constants;
};

struct NegateNode final : Instruction {
  explicit NegateNode(Code o) : operand(std::move(o)) {}
  Datum eval(Frame& frame) const override {
    const Datum value = operand->eval(frame);
    frame.charge(1);
    return negate(value);
  }
  Code operand;
};

}  // namespace

Code make_binary(std::string_view name, Code left, Code right, Units units) {
  const auto row = std::find_if(kOperations.begin(), kOperations.end(), [&](const Row& r) { return r.name == name; });
  if (row == kOperations.end()) return nullptr;
  return std::make_unique<BinaryNode>(row->operation, std::move(left), std::move(right), units);
}

Code make_negate(Code operand) { return std::make_unique<NegateNode>(std::move(operand)); }

Code make_member_of(Code item, Code constants) {
  return std::make_unique<MemberNode>(std::move(item), std::move(constants));
}

}  // namespace posture::cel
