// SPDX-License-Identifier: Apache-2.0
// Strict operators of one or two operands.
#include <algorithm>
#include <array>

#include "cel/arithmetic.h"
#include "cel/compare.h"
#include "cel/node.h"
#include "cel/opaque.h"

namespace posture::cel {
namespace {

using Operation = Datum (*)(Frame&, const Datum&, const Datum&);

void charge_comparison(Frame& frame, const Datum& left, const Datum& right) {
  frame.charge(traversal(std::min(cost_size(left), cost_size(right))));
}

Datum equals(Frame& frame, const Datum& left, const Datum& right) {
  charge_comparison(frame, left, right);
  if (refuses_equality(left, right)) return no_such_overload();
  return make_bool(equal(frame, left, right));
}

Datum differs(Frame& frame, const Datum& left, const Datum& right) {
  charge_comparison(frame, left, right);
  return make_bool(refuses_equality(left, right) || !equal(frame, left, right));
}

// `allowed` has a bit for each outcome: 1 less, 2 equal, 4 greater.
template <unsigned allowed>
Datum ordered(Frame& frame, const Datum& left, const Datum& right) {
  charge_comparison(frame, left, right);
  const Order order = compare(left, right);
  if (order.ordered) return make_bool((allowed & (1u << (order.sign + 1))) != 0);
  return is_number(left) && is_number(right) ? Datum::error("NaN values cannot be ordered") : no_such_overload();
}

struct Row {
  std::string_view name;
  Operation operation;
};

constexpr std::array<Row, 11> kOperations = {{
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
}};

struct BinaryNode final : Instruction {
  BinaryNode(Operation o, Code l, Code r) : operation(o), left(std::move(l)), right(std::move(r)) {}
  Datum eval(Frame& frame) const override {
    const Datum a = left->eval(frame);
    if (is(a, Tag::unknown)) return a;
    const Datum b = right->eval(frame);
    if (is_error(a)) return worse(a, b);
    return is_error(b) ? b : operation(frame, a, b);
  }
  Operation operation;
  Code left;
  Code right;
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

/// Go panics when such a key is looked for in a map that an expression made; in an empty one it does not look.
bool is_unhashable(const Datum& item) {
  return is(item, Tag::bytes) || (is(item, Tag::opaque) && opaque_of<Opaque>(item).kind == TypeKind::semver);
}

Datum contains(Frame& frame, const Datum& item, const Datum& collection) {
  if (is_map(collection)) {
    frame.charge(1);
    frame.panicked = frame.panicked || (is(collection, Tag::map) && map_size(collection) > 0 && is_unhashable(item));
    return make_bool(!is(map_find(frame.memory(), collection, item), Tag::absent));
  }
  if (!is_list(collection)) return no_such_overload();
  const std::size_t size = list_size(collection);
  frame.charge(size);
  for (std::size_t i = 0; i < size; ++i) {
    if (equal(frame, list_at(collection, i), item)) return make_bool(true);
  }
  return make_bool(false);
}

}  // namespace

Code make_binary(std::string_view name, Code left, Code right) {
  const auto row = std::find_if(kOperations.begin(), kOperations.end(), [&](const Row& r) { return r.name == name; });
  if (row == kOperations.end()) return nullptr;
  return std::make_unique<BinaryNode>(row->operation, std::move(left), std::move(right));
}

Code make_negate(Code operand) { return std::make_unique<NegateNode>(std::move(operand)); }

Code make_in(Code item, Code collection) {
  return std::make_unique<BinaryNode>(contains, std::move(item), std::move(collection));
}

}  // namespace posture::cel
