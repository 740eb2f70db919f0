// SPDX-License-Identifier: Apache-2.0
// What calls cost, as k8s.io/apiserver's and cel-go's cost models define it: the units of a call that was made, and what their
// compiler expects. Both stand in the row of the function.
#pragma once

#include <optional>
#include <span>

#include "cel/check/static_type.h"
#include "cel/cost/bounds.h"
#include "cel/run/frame.h"

namespace posture::cel {

/// Units of a call that was made. Arguments and result may be errors.
using Units = std::uint64_t (*)(std::span<const Datum> arguments, const Datum& result);

/// Of a rule that may be null: one.
inline std::uint64_t units_of(Units rule, std::span<const Datum> arguments, const Datum& result) {
  return rule == nullptr ? 1 : rule(arguments, result);
}

/// Units for making a list or a map, however long.
inline constexpr std::uint64_t kListUnits = 10;
inline constexpr std::uint64_t kMapUnits = 30;

/// An argument as the compiler sees it.
struct Operand {
  const StaticType* type = nullptr;
  Bounds size = kAnySize;
  bool sized = false;  ///< is anything known of its size?
  std::optional<std::int64_t> integer;  ///< of an int literal
};
struct CallEstimate {
  Bounds cost = exactly(1);
  std::optional<Bounds> size;  ///< of the result
};
using Estimate = CallEstimate (*)(std::span<const Operand> operands);

struct CostRule {
  Units units = nullptr;  ///< null: one
  Units unsettled = nullptr;  ///< the same where the checker left more than one overload; null: one
  Estimate estimate = nullptr;  ///< null: one unit, of the size nothing is known
};

namespace cost {

/// Rules that Kubernetes looks up by the function's name count always, those of cel-go only once the overload is known.
constexpr CostRule by_name(Units units, Estimate estimate) { return {units, units, estimate}; }
constexpr CostRule by_overload(Units units, Estimate estimate) { return {units, nullptr, estimate}; }
inline constexpr CostRule kOne{};

using Arguments = std::span<const Datum>;
using Operands = std::span<const Operand>;
inline constexpr double kWalk = 0.1;  ///< of a text, per character
inline constexpr double kPattern = 0.25;  ///< of a regular expression, per character

inline constexpr std::uint64_t kMadeList = kListUnits + 1;  ///< the list and the call

/// A tenth of the size of argument `n`.
template <std::size_t n>
std::uint64_t walk_units(Arguments arguments, const Datum&) {
  return traversal(cost_size(arguments[n]));
}
template <std::size_t n>
std::uint64_t walk_twice_units(Arguments arguments, const Datum&) {
  return traversal(cost_size(arguments[n]) * 2);
}
/// cel-go's cost model panics, which ends the evaluation: nothing absorbs it.
inline constexpr std::uint64_t kPanic = kMaxCost + 1;

std::uint64_t deep_units(Arguments arguments, const Datum& result);
std::uint64_t self_compare_units(Arguments arguments, const Datum& result);
std::uint64_t made_list_units(Arguments arguments, const Datum& result);
std::uint64_t search_units(Arguments arguments, const Datum& result);
std::uint64_t match_units(Arguments arguments, const Datum& result);
std::uint64_t equal_units(Arguments arguments, const Datum& result);
std::uint64_t compare_units(Arguments arguments, const Datum& result);
std::uint64_t append_units(Arguments arguments, const Datum& result);
std::uint64_t list_member_units(Arguments arguments, const Datum& result);
std::uint64_t join_units(Arguments arguments, const Datum& result);

template <std::size_t n>
CallEstimate walk_estimate(Operands operands) {
  return {operands[n].size * kWalk, {}};
}
template <std::size_t n>
CallEstimate walk_twice_estimate(Operands operands) {
  return {operands[n].size * (2 * kWalk), {}};
}
CallEstimate transform_estimate(Operands operands);
CallEstimate deep_estimate(Operands operands);
CallEstimate search_estimate(Operands operands);
CallEstimate match_estimate(Operands operands);
CallEstimate find_estimate(Operands operands);
CallEstimate equal_estimate(Operands operands);
CallEstimate compare_estimate(Operands operands);
CallEstimate append_estimate(Operands operands);
CallEstimate append_list_estimate(Operands operands);
CallEstimate list_member_estimate(Operands operands);
CallEstimate replace_estimate(Operands operands);
CallEstimate split_estimate(Operands operands);
CallEstimate join_estimate(Operands operands);
CallEstimate to_bytes_estimate(Operands operands);
CallEstimate to_string_estimate(Operands operands);
CallEstimate quote_estimate(Operands operands);
/// A list of `size` made at `factor` units an element.
CallEstimate made_list(Bounds size, double factor);
/// Every element of a list of `size` against every other; comparing texts costs more.
CallEstimate self_compare(Bounds size, bool text);

/// A walk over the text that is argument `n`.
template <std::size_t n>
inline constexpr CostRule kWalkOver = by_name(walk_units<n>, walk_estimate<n>);
template <std::size_t n>
inline constexpr CostRule kWalkTwice = by_name(walk_twice_units<n>, walk_twice_estimate<n>);
/// A text made of a text that is no longer.
inline constexpr CostRule kTransform = by_name(walk_units<0>, transform_estimate);
/// A walk over all elements of a list, texts at a tenth of their bytes; also over a text.
inline constexpr CostRule kDeep = by_name(deep_units, deep_estimate);
/// Text times a part searched in it.
inline constexpr CostRule kSearch = by_overload(search_units, search_estimate);
/// Text times a quarter of the pattern's length.
inline constexpr CostRule kMatch = by_overload(match_units, match_estimate);
inline constexpr CostRule kFind = by_name(match_units, find_estimate);
inline constexpr CostRule kEqual = by_name(equal_units, equal_estimate);
inline constexpr CostRule kUnequal = by_name(compare_units, compare_estimate);
inline constexpr CostRule kCompareTexts = by_overload(compare_units, compare_estimate);
inline constexpr CostRule kAppend = by_overload(append_units, append_estimate);
inline constexpr CostRule kAppendList{nullptr, nullptr, append_list_estimate};
inline constexpr CostRule kListMember = by_overload(list_member_units, list_member_estimate);

}  // namespace cost
}  // namespace posture::cel
