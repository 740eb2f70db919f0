// SPDX-License-Identifier: Apache-2.0
// Units of calls that were made.
#include "cel/cost/cost.h"

namespace posture::cel::cost {
namespace {

std::uint64_t deep_size(const Datum& datum, std::uint64_t& visits) {
  if (visits <= 1) {
    visits = 0;
    return 0;
  }
  --visits;
  if (is(datum, Tag::string) || is(datum, Tag::bytes)) return text_of(datum).size() / 10;
  std::uint64_t units = 0;
  if (is_list(datum)) {
    for (std::size_t i = 0; i < list_size(datum); ++i) units += deep_size(list_at(datum, i), visits);
    return units;
  }
  if (!is_map(datum)) return 1;
  for (std::size_t i = 0; i < map_size(datum); ++i) {
    const Entry entry = map_at(datum, i);
    units += deep_size(entry.key, visits) + deep_size(entry.value, visits);
  }
  return units;
}

}  // namespace

std::uint64_t deep_units(Arguments arguments, const Datum&) {
  std::uint64_t visits = kMaxVisits;
  const std::uint64_t units = deep_size(arguments[0], visits);
  return visits == 0 ? kMaxCost + 1 : units;
}

// Of the last argument: the list itself, or the keys it is sorted by.
std::uint64_t self_compare_units(Arguments arguments, const Datum&) {
  const Datum& list = arguments.back();
  if (!is_list(list)) return kPanic;
  if (list_size(list) == 0) return kMadeList;
  const std::uint64_t size = list_size(list);
  const Datum first = list_at(list, 0);
  const bool text = is(first, Tag::string) || is(first, Tag::bytes);
  return size * size * (text ? 21 : 20) / 10 + kMadeList;
}

std::uint64_t made_list_units(Arguments, const Datum& result) { return cost_size(result) + kMadeList; }

std::uint64_t search_units(Arguments arguments, const Datum&) {
  return traversal(cost_size(arguments[0])) * traversal(cost_size(arguments[1]));
}

std::uint64_t match_units(Arguments arguments, const Datum&) {
  return traversal(1 + cost_size(arguments[0])) * ((cost_size(arguments[1]) + 3) / 4);
}

std::uint64_t compare_units(Arguments arguments, const Datum&) {
  return traversal(std::min(cost_size(arguments[0]), cost_size(arguments[1])));
}

std::uint64_t equal_units(Arguments arguments, const Datum& result) {
  return is(arguments[0], Tag::opaque) ? 1 : compare_units(arguments, result);
}

std::uint64_t append_units(Arguments arguments, const Datum&) {
  return traversal(cost_size(arguments[0]) + cost_size(arguments[1]));
}

std::uint64_t list_member_units(Arguments arguments, const Datum&) { return cost_size(arguments[1]); }

std::uint64_t join_units(Arguments, const Datum& result) { return traversal(cost_size(result) * 2); }

}  // namespace posture::cel::cost
