// SPDX-License-Identifier: Apache-2.0
// Optional values. `or`, `orValue` and `hasValue` are nodes: they look inside an optional without making it.
#include <array>

#include "cel/library/library.h"
#include "cel/value/time_values.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

bool is_zero(const Datum& datum) {
  switch (tag_of(datum)) {
    case Tag::null: return true;
    case Tag::boolean:
    case Tag::integer:
    case Tag::uinteger:
    case Tag::duration: return int_of(datum) == 0;
    case Tag::real: return real_of(datum) == 0;
    case Tag::string:
    case Tag::bytes:
    case Tag::list:
    case Tag::json_list:
    case Tag::map:
    case Tag::json_map: return datum.payload.size == 0;
    case Tag::timestamp: return int_of(datum) == kMinSeconds && datum.payload.size == 0;
    default: return false;
  }
}

Datum of(Frame& frame, Arguments arguments) { return Datum::some(arguments[0], frame.scratch); }
Datum of_non_zero(Frame& frame, Arguments arguments) {
  return is_zero(arguments[0]) ? Datum::none() : Datum::some(arguments[0], frame.scratch);
}
Datum none(Frame&, Arguments) { return Datum::none(); }
Datum value(Frame&, Arguments arguments) {
  return is(arguments[0], Tag::some) ? inner_of(arguments[0]) : Datum::error("optional.none() dereference");
}

Datum element(Frame& frame, const Datum& list, std::size_t at) {
  return at < list_size(list) ? Datum::some(list_at(list, at), frame.scratch) : Datum::none();
}
Datum first(Frame& frame, Arguments arguments) { return element(frame, arguments[0], 0); }
Datum last(Frame& frame, Arguments arguments) { return element(frame, arguments[0], list_size(arguments[0]) - 1); }

Datum unwrap(Frame& frame, Arguments arguments) {
  const Datum& list = arguments[0];
  Datum* values = frame.memory().array<Datum>(list_size(list));
  if (values == nullptr) return out_of_memory();
  std::size_t size = 0;
  for (std::size_t i = 0; i < list_size(list); ++i) {
    const Datum item = list_at(list, i);
    if (!is_optional(item)) return keep_error(frame.memory(), "value is not optional");
    if (is(item, Tag::some)) values[size++] = inner_of(item);
  }
  return make_list(values, size);
}

constexpr std::array kOptionalOverloads = std::to_array<Overload>({
    {"optional.of", "(A) -> optional(A)", of, cost::kOne, 29},
    {"optional.ofNonZeroValue", "(A) -> optional(A)", of_non_zero, cost::kOne, 29},
    {"optional.none", "() -> optional(A)", none, cost::kOne, 29},
    {"value", "optional(A).() -> A", value, cost::kOne, 29},
    {"hasValue", "optional(A).() -> bool", nullptr, cost::kOne, 29},
    {"or", "optional(A).(optional(A)) -> optional(A)", nullptr, cost::kOne, 29},
    {"orValue", "optional(A).(A) -> A", nullptr, cost::kOne, 29},
    {"last", "list(A).() -> optional(A)", last, cost::kOne, 34},
    {"first", "list(A).() -> optional(A)", first, cost::kOne, 34},
    {"optional.unwrap", "(list(optional(A))) -> list(A)", unwrap, cost::kOne, 34},
    {"unwrapOpt", "list(optional(A)).() -> list(A)", unwrap, cost::kOne, 34},
});

}  // namespace

std::span<const Overload> optional_library() { return kOptionalOverloads; }

}  // namespace posture::cel
