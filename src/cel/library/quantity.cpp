// SPDX-License-Identifier: Apache-2.0
// Functions on quantities.
#include "cel/value/quantity.h"

#include <array>
#include <new>

#include "cel/library/library.h"
#include "cel/value/opaque.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

const Quantity& quantity_at(Arguments arguments, std::size_t i) { return opaque_of<Quantity>(arguments[i]); }

Datum parse(Frame& frame, Arguments arguments) {
  Quantity quantity{};
  switch (parse_quantity(text_of(arguments[0]), quantity)) {
    case QuantityParse::ok: return keep_opaque(frame.memory(), quantity);
    case QuantityParse::too_large: return Datum::error("quantity has more digits than this engine handles");
    case QuantityParse::malformed: break;
  }
  return Datum::error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}

Datum is_quantity(Frame&, Arguments arguments) {
  Quantity quantity{};
  return Datum::boolean(parse_quantity(text_of(arguments[0]), quantity) != QuantityParse::malformed);
}

Datum compare_to(Frame&, Arguments arguments) {
  return Datum::integer(compare_quantities(quantity_at(arguments, 0), quantity_at(arguments, 1)));
}

template <int sign>
Datum compares_as(Frame&, Arguments arguments) {
  return Datum::boolean(compare_quantities(quantity_at(arguments, 0), quantity_at(arguments, 1)) == sign);
}

Datum sign(Frame&, Arguments arguments) {
  return Datum::integer(compare_quantities(quantity_at(arguments, 0), quantity_from(0)));
}

using Arithmetic = bool (*)(const Quantity& left, const Quantity& right, Quantity& result);

Datum calculate(Frame& frame, Arithmetic arithmetic, const Quantity& left, const Quantity& right) {
  Quantity result{};
  if (!arithmetic(left, right, result)) return Datum::error("quantity has more digits than this engine handles");
  return keep_opaque(frame.memory(), result);
}

template <Arithmetic arithmetic>
Datum with_quantity(Frame& frame, Arguments arguments) {
  return calculate(frame, arithmetic, quantity_at(arguments, 0), quantity_at(arguments, 1));
}
template <Arithmetic arithmetic>
Datum with_int(Frame& frame, Arguments arguments) {
  return calculate(frame, arithmetic, quantity_at(arguments, 0), quantity_from(int_of(arguments[1])));
}

Datum as_integer(Frame&, Arguments arguments) {
  std::int64_t value = 0;
  return to_integer(quantity_at(arguments, 0), value) ? Datum::integer(value)
                                                      : Datum::error("cannot convert value to integer");
}

Datum is_integer(Frame&, Arguments arguments) {
  std::int64_t value = 0;
  return Datum::boolean(to_integer(quantity_at(arguments, 0), value));
}

Datum as_float(Frame&, Arguments arguments) { return Datum::real(to_real(quantity_at(arguments, 0))); }

constexpr std::array kQuantityOverloads = std::to_array<Overload>({
    {"quantity", "(string) -> quantity", parse, cost::kWalkOver<0>, 29},
    {"isQuantity", "(string) -> bool", is_quantity, cost::kWalkOver<0>, 29},
    {"sign", "(quantity) -> int", sign, cost::kOne, 29},
    {"isGreaterThan", "quantity.(quantity) -> bool", compares_as<1>, cost::kOne, 29},
    {"isLessThan", "quantity.(quantity) -> bool", compares_as<-1>, cost::kOne, 29},
    {"compareTo", "quantity.(quantity) -> int", compare_to, cost::kOne, 29},
    {"asApproximateFloat", "quantity.() -> double", as_float, cost::kOne, 29},
    {"asInteger", "quantity.() -> int", as_integer, cost::kOne, 29},
    {"isInteger", "quantity.() -> bool", is_integer, cost::kOne, 29},
    {"add", "quantity.(quantity) -> quantity", with_quantity<add_quantities>, cost::kOne, 29},
    {"add", "quantity.(int) -> quantity", with_int<add_quantities>, cost::kOne, 29},
    {"sub", "quantity.(quantity) -> quantity", with_quantity<subtract_quantities>, cost::kOne, 29},
    {"sub", "quantity.(int) -> quantity", with_int<subtract_quantities>, cost::kOne, 29},
});

}  // namespace

std::span<const Overload> quantity_library() { return kQuantityOverloads; }

}  // namespace posture::cel
