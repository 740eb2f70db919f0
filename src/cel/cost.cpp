// SPDX-License-Identifier: Apache-2.0
#include "cel/cost.h"

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

std::uint64_t deep(Arguments arguments, const Datum&) {
  std::uint64_t visits = kMaxVisits;
  const std::uint64_t units = deep_size(arguments[0], visits);
  return visits == 0 ? kMaxCost + 1 : units;
}

std::uint64_t quadratic(Arguments arguments, const Datum&) {
  const std::uint64_t size = list_size(arguments[0]);
  if (size == 0) return 11;
  const Datum first = list_at(arguments[0], 0);
  const bool text = is(first, Tag::string) || is(first, Tag::bytes);
  return size * size * (text ? 21 : 20) / 10 + 11;
}

}  // namespace posture::cel::cost
