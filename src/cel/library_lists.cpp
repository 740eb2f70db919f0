// SPDX-License-Identifier: Apache-2.0
// Lists: Kubernetes' own functions and cel-go's extension, version 3.
#include "cel/library_lists.h"

#include <algorithm>
#include <array>

#include "cel/arithmetic.h"
#include "cel/compare.h"
#include "cel/cost.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

constexpr std::int64_t kMaxRange = 1'000'000;

bool comparable(const Datum& datum) {
  const Tag tag = tag_of(datum);
  return (tag >= Tag::boolean && tag <= Tag::bytes) || tag == Tag::timestamp || tag == Tag::duration;
}

Datum is_sorted(Frame&, Arguments arguments) {
  Datum previous = make_absent();
  for (std::size_t i = 0; i < list_size(arguments[0]); ++i) {
    const Datum item = list_at(arguments[0], i);
    if (!comparable(item)) return no_such_overload();
    if (!is(previous, Tag::absent) && compare(previous, item).sign > 0) return Datum::boolean(false);
    previous = item;
  }
  return Datum::boolean(true);
}

template <TypeKind kind>
Datum sum(Frame& frame, Arguments arguments) {
  Datum total = Datum::integer(0);
  if (kind == TypeKind::uinteger) total = Datum::uinteger(0);
  if (kind == TypeKind::real) total = Datum::real(0);
  if (kind == TypeKind::duration) total = make_duration(0);
  for (std::size_t i = 0; i < list_size(arguments[0]) && !is_error(total); ++i) {
    total = add(frame, total, list_at(arguments[0], i));
  }
  return total;
}

// `preferred` is the sign of (best so far, next) on which the next takes over.
template <int preferred>
Datum extreme(Frame&, Arguments arguments) {
  if (list_size(arguments[0]) == 0) {
    return Datum::error(preferred > 0 ? "min called on empty list" : "max called on empty list");
  }
  Datum best = make_absent();
  for (std::size_t i = 0; i < list_size(arguments[0]); ++i) {
    const Datum item = list_at(arguments[0], i);
    if (!comparable(item)) return no_such_overload();
    if (is(best, Tag::absent) || compare(best, item).sign == preferred) best = item;
  }
  return best;
}

Datum index_of(Frame& frame, Arguments arguments) {
  for (std::size_t i = 0; i < list_size(arguments[0]); ++i) {
    if (equal(frame, list_at(arguments[0], i), arguments[1])) return Datum::integer(static_cast<std::int64_t>(i));
  }
  return Datum::integer(-1);
}

Datum last_index_of(Frame& frame, Arguments arguments) {
  for (std::size_t i = list_size(arguments[0]); i-- > 0;) {
    if (equal(frame, list_at(arguments[0], i), arguments[1])) return Datum::integer(static_cast<std::int64_t>(i));
  }
  return Datum::integer(-1);
}

Datum includes(Frame& frame, Arguments arguments) {
  if (!is_list(arguments[0])) return Datum::boolean(equal(frame, arguments[0], arguments[1]));
  return Datum::boolean(int_of(index_of(frame, arguments)) >= 0);
}

Datum slice(Frame& frame, Arguments arguments) {
  const std::int64_t start = int_of(arguments[1]);
  const std::int64_t end = int_of(arguments[2]);
  const std::string what = "cannot slice(" + std::to_string(start) + ", " + std::to_string(end) + "), ";
  if (start < 0 || end < 0) return keep_error(frame.memory(), what + "negative indexes not supported");
  if (start > end) return keep_error(frame.memory(), what + "start index must be less than or equal to end index");
  const std::size_t size = list_size(arguments[0]);
  if (static_cast<std::uint64_t>(end) > size)
    return keep_error(frame.memory(), what + "list is length " + std::to_string(size));
  const auto count = static_cast<std::size_t>(end - start);
  Datum* items = frame.memory().array<Datum>(count);
  if (items == nullptr) return out_of_memory();
  for (std::size_t i = 0; i < count; ++i) items[i] = list_at(arguments[0], static_cast<std::size_t>(start) + i);
  return make_list(items, count);
}

// Calls `visit` with each element of `list`, nested lists opened up to `depth` times; stops when `visits` are used up.
template <typename Visit>
void each_flat(const Datum& list, std::int64_t depth, std::uint64_t& visits, Visit visit) {
  for (std::size_t i = 0; i < list_size(list) && visits > 0; ++i) {
    --visits;
    const Datum item = list_at(list, i);
    if (is_list(item) && depth > 0) {
      each_flat(item, depth - 1, visits, visit);
    } else {
      visit(item);
    }
  }
}

Datum flatten(Frame& frame, Arguments arguments) {
  const std::int64_t depth = arguments.size() > 1 ? int_of(arguments[1]) : 1;
  if (depth < 0) return Datum::error("level must be non-negative");
  std::size_t count = 0;
  std::uint64_t visits = kMaxVisits;
  each_flat(arguments[0], depth, visits, [&](const Datum&) { ++count; });
  if (visits == 0) return out_of_memory();
  visits = kMaxVisits;
  Datum* items = frame.memory().array<Datum>(count);
  if (items == nullptr) return out_of_memory();
  std::size_t n = 0;
  each_flat(arguments[0], depth, visits, [&](const Datum& item) { items[n++] = item; });
  return make_list(items, count);
}

std::uint64_t flatten_cost(Arguments arguments, const Datum&) {
  const std::int64_t depth = arguments.size() > 1 ? int_of(arguments[1]) : 1;
  const std::uint64_t size = list_size(arguments[0]);
  return 11 + (depth < 0 || size == 0
                   ? size
                   : std::min<std::uint64_t>(
                         size * std::min<std::uint64_t>(static_cast<std::uint64_t>(depth), kMaxCost), kMaxCost * 2));
}

Datum range(Frame& frame, Arguments arguments) {
  const std::int64_t size = int_of(arguments[0]);
  if (size < 0)
    return keep_error(frame.memory(), "lists.range: size must be non-negative, got " + std::to_string(size));
  if (size > kMaxRange) {
    return keep_error(frame.memory(),
                      "lists.range: size " + std::to_string(size) + " exceeds maximum allowed (1000000)");
  }
  Datum* items = frame.memory().array<Datum>(static_cast<std::size_t>(size));
  if (items == nullptr) return out_of_memory();
  for (std::int64_t i = 0; i < size; ++i) items[i] = Datum::integer(i);
  return make_list(items, static_cast<std::size_t>(size));
}

Datum reverse(Frame& frame, Arguments arguments) {
  const std::size_t size = list_size(arguments[0]);
  Datum* items = frame.memory().array<Datum>(size);
  if (items == nullptr) return out_of_memory();
  for (std::size_t i = 0; i < size; ++i) items[i] = list_at(arguments[0], size - 1 - i);
  return make_list(items, size);
}

Datum distinct(Frame& frame, Arguments arguments) {
  const std::size_t size = list_size(arguments[0]);
  if (frame.cost + size * size * 2 > kMaxCost) {  // charged before the work, not after
    frame.charge(kMaxCost);
    return Datum::error("operation cancelled: actual cost limit exceeded");
  }
  Datum* items = frame.memory().array<Datum>(size);
  if (items == nullptr) return out_of_memory();
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const Datum item = list_at(arguments[0], i);
    const auto same = [&](const Datum& other) { return equal(frame, item, other); };
    if (std::none_of(items, items + count, same)) items[count++] = item;
  }
  return make_list(items, count);
}

Datum sort(Frame& frame, Arguments arguments) { return sort_by_keys(frame, arguments[0], arguments[0]); }

constexpr std::array kListOverloads = std::to_array<Overload>({
    {"isSorted", "list(int).() -> bool", is_sorted, cost::deep},
    {"isSorted", "list(uint).() -> bool", is_sorted, cost::deep},
    {"isSorted", "list(double).() -> bool", is_sorted, cost::deep},
    {"isSorted", "list(bool).() -> bool", is_sorted, cost::deep},
    {"isSorted", "list(duration).() -> bool", is_sorted, cost::deep},
    {"isSorted", "list(timestamp).() -> bool", is_sorted, cost::deep},
    {"isSorted", "list(string).() -> bool", is_sorted, cost::deep},
    {"isSorted", "list(bytes).() -> bool", is_sorted, cost::deep},
    {"sum", "list(int).() -> int", sum<TypeKind::integer>, cost::deep},
    {"sum", "list(uint).() -> uint", sum<TypeKind::uinteger>, cost::deep},
    {"sum", "list(double).() -> double", sum<TypeKind::real>, cost::deep},
    {"sum", "list(duration).() -> duration", sum<TypeKind::duration>, cost::deep},
    {"max", "list(int).() -> int", extreme<-1>, cost::deep},
    {"max", "list(uint).() -> uint", extreme<-1>, cost::deep},
    {"max", "list(double).() -> double", extreme<-1>, cost::deep},
    {"max", "list(bool).() -> bool", extreme<-1>, cost::deep},
    {"max", "list(duration).() -> duration", extreme<-1>, cost::deep},
    {"max", "list(timestamp).() -> timestamp", extreme<-1>, cost::deep},
    {"max", "list(string).() -> string", extreme<-1>, cost::deep},
    {"max", "list(bytes).() -> bytes", extreme<-1>, cost::deep},
    {"min", "list(int).() -> int", extreme<1>, cost::deep},
    {"min", "list(uint).() -> uint", extreme<1>, cost::deep},
    {"min", "list(double).() -> double", extreme<1>, cost::deep},
    {"min", "list(bool).() -> bool", extreme<1>, cost::deep},
    {"min", "list(duration).() -> duration", extreme<1>, cost::deep},
    {"min", "list(timestamp).() -> timestamp", extreme<1>, cost::deep},
    {"min", "list(string).() -> string", extreme<1>, cost::deep},
    {"min", "list(bytes).() -> bytes", extreme<1>, cost::deep},
    {"indexOf", "list(A).(A) -> int", index_of, cost::deep},
    {"lastIndexOf", "list(A).(A) -> int", last_index_of, cost::deep},
    {"includes", "dyn.(dyn) -> bool", includes, cost::deep, 38},
    {"slice", "list(A).(int, int) -> list(A)", slice, cost::made_list, 35},
    {"flatten", "list(list(A)).() -> list(A)", flatten, flatten_cost, 35},
    {"flatten", "list(dyn).(int) -> list(dyn)", flatten, flatten_cost, 35},
    {"lists.range", "(int) -> list(int)", range, cost::made_list, 35},
    {"reverse", "list(A).() -> list(A)", reverse, cost::made_list, 35},
    {"distinct", "list(A).() -> list(A)", distinct, cost::quadratic, 35},
    {"sort", "list(int).() -> list(int)", sort, cost::quadratic, 35},
    {"sort", "list(uint).() -> list(uint)", sort, cost::quadratic, 35},
    {"sort", "list(double).() -> list(double)", sort, cost::quadratic, 35},
    {"sort", "list(bool).() -> list(bool)", sort, cost::quadratic, 35},
    {"sort", "list(duration).() -> list(duration)", sort, cost::quadratic, 35},
    {"sort", "list(timestamp).() -> list(timestamp)", sort, cost::quadratic, 35},
    {"sort", "list(string).() -> list(string)", sort, cost::quadratic, 35},
    {"sort", "list(bytes).() -> list(bytes)", sort, cost::quadratic, 35},
    {"@sortByAssociatedKeys", "list(A).(list(int)) -> list(A)"},
    {"@sortByAssociatedKeys", "list(A).(list(uint)) -> list(A)"},
    {"@sortByAssociatedKeys", "list(A).(list(double)) -> list(A)"},
    {"@sortByAssociatedKeys", "list(A).(list(bool)) -> list(A)"},
    {"@sortByAssociatedKeys", "list(A).(list(duration)) -> list(A)"},
    {"@sortByAssociatedKeys", "list(A).(list(timestamp)) -> list(A)"},
    {"@sortByAssociatedKeys", "list(A).(list(string)) -> list(A)"},
    {"@sortByAssociatedKeys", "list(A).(list(bytes)) -> list(A)"},
});

}  // namespace

Datum sort_by_keys(Frame& frame, const Datum& list, const Datum& keys) {
  const std::size_t size = list_size(list);
  if (size == 0) return list;
  const Datum first = list_at(keys, 0);
  if (!comparable(first)) return Datum::error("list elements must be comparable");
  Entry* pairs = frame.memory().array<Entry>(size);
  Datum* sorted = frame.memory().array<Datum>(size);
  if (pairs == nullptr || sorted == nullptr) return out_of_memory();
  for (std::size_t i = 0; i < size; ++i) {
    pairs[i] = {list_at(keys, i), list_at(list, i)};
    if (pairs[i].key.payload.tag != first.payload.tag) return Datum::error("list elements must have the same type");
  }
  std::stable_sort(pairs, pairs + size, [](const Entry& a, const Entry& b) { return compare(a.key, b.key).sign < 0; });
  std::transform(pairs, pairs + size, sorted, [](const Entry& entry) { return entry.value; });
  return make_list(sorted, size);
}

std::span<const Overload> list_library() { return kListOverloads; }

}  // namespace posture::cel
