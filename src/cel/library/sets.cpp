// SPDX-License-Identifier: Apache-2.0
// Lists taken as sets.
#include <array>

#include "cel/library/library.h"
#include "cel/value/compare.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

bool has(Frame& frame, const Datum& list, const Datum& item) {
  for (std::size_t i = 0; i < list_size(list); ++i) {
    if (equal(frame, list_at(list, i), item)) return true;
    if (frame.stopped()) return false;
  }
  return false;
}

bool has_all(Frame& frame, const Datum& list, const Datum& items) {
  for (std::size_t i = 0; i < list_size(items); ++i) {
    if (!has(frame, list, list_at(items, i))) return false;
  }
  return true;
}

Datum contains(Frame& frame, Arguments arguments) { return Datum::boolean(has_all(frame, arguments[0], arguments[1])); }

Datum equivalent(Frame& frame, Arguments arguments) {
  return Datum::boolean(has_all(frame, arguments[0], arguments[1]) && has_all(frame, arguments[1], arguments[0]));
}

Datum intersects(Frame& frame, Arguments arguments) {
  for (std::size_t i = 0; i < list_size(arguments[0]); ++i) {
    if (has(frame, arguments[1], list_at(arguments[0], i))) return Datum::boolean(true);
  }
  return Datum::boolean(false);
}

template <std::uint64_t factor>
std::uint64_t product_units(Arguments arguments, const Datum&) {
  return 1 + cost_size(arguments[0]) * cost_size(arguments[1]) * factor;
}

template <std::uint64_t factor>
CallEstimate product_estimate(std::span<const Operand> operands) {
  return {operands[0].size * operands[1].size * static_cast<double>(factor) + exactly(1), {}};
}

/// Every element of one list against every one of the other.
template <std::uint64_t factor>
constexpr CostRule kProduct = cost::by_overload(product_units<factor>, product_estimate<factor>);

constexpr std::array kSetOverloads = std::to_array<Overload>({
    {"sets.contains", "(list(A), list(A)) -> bool", contains, kProduct<1>, 30},
    {"sets.equivalent", "(list(A), list(A)) -> bool", equivalent, kProduct<2>, 30},
    {"sets.intersects", "(list(A), list(A)) -> bool", intersects, kProduct<1>, 30},
});

}  // namespace

std::span<const Overload> set_library() { return kSetOverloads; }

}  // namespace posture::cel
