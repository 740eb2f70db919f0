// SPDX-License-Identifier: Apache-2.0
// Lists: Kubernetes' own functions and cel-go's extension, version 3.
#include "cel/library/lists.h"

#include <algorithm>
#include <array>

#include "cel/library/library.h"
#include "cel/run/arithmetic.h"
#include "cel/value/compare.h"

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

// An int literal as a size, `otherwise` of anything else.
std::uint64_t literal_size(const Operand& operand, std::uint64_t otherwise) {
  return operand.integer ? static_cast<std::uint64_t>(std::max<std::int64_t>(*operand.integer, 0)) : otherwise;
}

std::uint64_t flatten_units(Arguments arguments, const Datum&) {
  if (arguments.size() > 1 && !is(arguments[1], Tag::integer)) return cost::kPanic;
  const std::int64_t depth = arguments.size() > 1 ? int_of(arguments[1]) : 1;
  const double factor = depth < 0 ? 1 : static_cast<double>(depth);
  return saturated_sum(saturated_product(cost_size(arguments[0]), factor), cost::kMadeList);
}

CallEstimate flatten_estimate(std::span<const Operand> operands) {
  const std::uint64_t depth = operands.size() > 1 ? literal_size(operands[1], kUnbounded) : 1;
  return cost::made_list(operands[0].size, static_cast<double>(depth));
}

CallEstimate slice_estimate(std::span<const Operand> operands) {
  return cost::made_list(exactly(literal_size(operands[2], operands[0].size.most) - literal_size(operands[1], 0)), 1);
}

CallEstimate range_estimate(std::span<const Operand> operands) {
  return cost::made_list(exactly(literal_size(operands[0], kUnbounded)), 1);
}

CallEstimate reverse_estimate(std::span<const Operand> operands) { return cost::made_list(operands[0].size, 1); }

// Of the last operand: the list itself, or the keys it is sorted by.
template <bool text>
CallEstimate self_compare_estimate(std::span<const Operand> operands) {
  return cost::self_compare(operands.back().size, text);
}

// What may be any list may be a list of anything.
CallEstimate includes_estimate(std::span<const Operand> operands) {
  const bool known = operands[0].type->parameters[0] != nullptr;
  return known ? cost::deep_estimate(operands) : CallEstimate{operands[0].size, {}};
}

constexpr CostRule kIncludes = cost::by_name(cost::deep_units, includes_estimate);
constexpr CostRule kFlatten = cost::by_overload(flatten_units, flatten_estimate);
constexpr CostRule kSlice = cost::by_overload(cost::made_list_units, slice_estimate);
constexpr CostRule kRange = cost::by_overload(cost::made_list_units, range_estimate);
constexpr CostRule kReverse = cost::by_overload(cost::made_list_units, reverse_estimate);
constexpr CostRule kSort = cost::by_overload(cost::self_compare_units, self_compare_estimate<false>);
constexpr CostRule kSortTexts = cost::by_overload(cost::self_compare_units, self_compare_estimate<true>);

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
    {"isSorted", "list(int).() -> bool", is_sorted, cost::kDeep},
    {"isSorted", "list(uint).() -> bool", is_sorted, cost::kDeep},
    {"isSorted", "list(double).() -> bool", is_sorted, cost::kDeep},
    {"isSorted", "list(bool).() -> bool", is_sorted, cost::kDeep},
    {"isSorted", "list(duration).() -> bool", is_sorted, cost::kDeep},
    {"isSorted", "list(timestamp).() -> bool", is_sorted, cost::kDeep},
    {"isSorted", "list(string).() -> bool", is_sorted, cost::kDeep},
    {"isSorted", "list(bytes).() -> bool", is_sorted, cost::kDeep},
    {"sum", "list(int).() -> int", sum<TypeKind::integer>, cost::kDeep},
    {"sum", "list(uint).() -> uint", sum<TypeKind::uinteger>, cost::kDeep},
    {"sum", "list(double).() -> double", sum<TypeKind::real>, cost::kDeep},
    {"sum", "list(duration).() -> duration", sum<TypeKind::duration>, cost::kDeep},
    {"max", "list(int).() -> int", extreme<-1>, cost::kDeep},
    {"max", "list(uint).() -> uint", extreme<-1>, cost::kDeep},
    {"max", "list(double).() -> double", extreme<-1>, cost::kDeep},
    {"max", "list(bool).() -> bool", extreme<-1>, cost::kDeep},
    {"max", "list(duration).() -> duration", extreme<-1>, cost::kDeep},
    {"max", "list(timestamp).() -> timestamp", extreme<-1>, cost::kDeep},
    {"max", "list(string).() -> string", extreme<-1>, cost::kDeep},
    {"max", "list(bytes).() -> bytes", extreme<-1>, cost::kDeep},
    {"min", "list(int).() -> int", extreme<1>, cost::kDeep},
    {"min", "list(uint).() -> uint", extreme<1>, cost::kDeep},
    {"min", "list(double).() -> double", extreme<1>, cost::kDeep},
    {"min", "list(bool).() -> bool", extreme<1>, cost::kDeep},
    {"min", "list(duration).() -> duration", extreme<1>, cost::kDeep},
    {"min", "list(timestamp).() -> timestamp", extreme<1>, cost::kDeep},
    {"min", "list(string).() -> string", extreme<1>, cost::kDeep},
    {"min", "list(bytes).() -> bytes", extreme<1>, cost::kDeep},
    {"indexOf", "list(A).(A) -> int", index_of, cost::kDeep},
    {"lastIndexOf", "list(A).(A) -> int", last_index_of, cost::kDeep},
    {"includes", "dyn.(dyn) -> bool", includes, kIncludes, 38},
    {"slice", "list(A).(int, int) -> list(A)", slice, kSlice, 35},
    {"flatten", "list(list(A)).() -> list(A)", flatten, kFlatten, 35},
    {"flatten", "list(dyn).(int) -> list(dyn)", flatten, kFlatten, 35},
    {"lists.range", "(int) -> list(int)", range, kRange, 35},
    {"reverse", "list(A).() -> list(A)", reverse, kReverse, 35},
    {"distinct", "list(A).() -> list(A)", distinct, kSort, 35},
    {"sort", "list(int).() -> list(int)", sort, kSort, 35},
    {"sort", "list(uint).() -> list(uint)", sort, kSort, 35},
    {"sort", "list(double).() -> list(double)", sort, kSort, 35},
    {"sort", "list(bool).() -> list(bool)", sort, kSort, 35},
    {"sort", "list(duration).() -> list(duration)", sort, kSort, 35},
    {"sort", "list(timestamp).() -> list(timestamp)", sort, kSort, 35},
    {"sort", "list(string).() -> list(string)", sort, kSortTexts, 35},
    {"sort", "list(bytes).() -> list(bytes)", sort, kSortTexts, 35},
    {"@sortByAssociatedKeys", "list(A).(list(int)) -> list(A)", nullptr, kSort},
    {"@sortByAssociatedKeys", "list(A).(list(uint)) -> list(A)", nullptr, kSort},
    {"@sortByAssociatedKeys", "list(A).(list(double)) -> list(A)", nullptr, kSort},
    {"@sortByAssociatedKeys", "list(A).(list(bool)) -> list(A)", nullptr, kSort},
    {"@sortByAssociatedKeys", "list(A).(list(duration)) -> list(A)", nullptr, kSort},
    {"@sortByAssociatedKeys", "list(A).(list(timestamp)) -> list(A)", nullptr, kSort},
    {"@sortByAssociatedKeys", "list(A).(list(string)) -> list(A)", nullptr, kSortTexts},
    {"@sortByAssociatedKeys", "list(A).(list(bytes)) -> list(A)", nullptr, kSortTexts},
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
