// SPDX-License-Identifier: Apache-2.0
#include "cel/run/arithmetic.h"

#include <algorithm>

#include "cel/value/time_values.h"

namespace posture::cel {
namespace {

using Int = std::int64_t;
using Uint = std::uint64_t;

Datum int_overflow() { return Datum::error("integer overflow"); }
Datum uint_overflow() { return Datum::error("unsigned integer overflow"); }

template <typename T>
Datum number(T value) {
  if constexpr (std::is_same_v<T, Int>) return Datum::integer(value);
  if constexpr (std::is_same_v<T, Uint>) return Datum::uinteger(value);
  if constexpr (std::is_same_v<T, double>) return Datum::real(value);
}

bool both(const Datum& left, const Datum& right, Tag tag) { return is(left, tag) && is(right, tag); }

Datum concatenate_text(Frame& frame, const Datum& left, const Datum& right) {
  const std::string_view a = text_of(left);
  const std::string_view b = text_of(right);
  char* bytes = frame.memory().text(a.size() + b.size());
  if (bytes == nullptr) return out_of_memory();
  std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), bytes));
  return make_tagged(tag_of(left), {bytes, a.size() + b.size()});
}

Datum concatenate_lists(Frame& frame, const Datum& left, const Datum& right) {
  const std::size_t size = list_size(left) + list_size(right);
  if (list_size(right) == 0) return left;
  if (list_size(left) == 0) return right;
  Datum* elements = frame.memory().array<Datum>(size);
  if (elements == nullptr) return out_of_memory();
  for (std::size_t i = 0; i < list_size(left); ++i) elements[i] = list_at(left, i);
  for (std::size_t i = 0; i < list_size(right); ++i) elements[list_size(left) + i] = list_at(right, i);
  return make_list(elements, size);
}

Datum add_durations(Int left, Int right) {
  Int sum = 0;
  return __builtin_add_overflow(left, right, &sum) ? Datum::error("duration overflow") : make_duration(sum);
}

Datum subtract_durations(Int left, Int right) {
  Int difference = 0;
  return __builtin_sub_overflow(left, right, &difference) ? Datum::error("duration overflow")
                                                          : make_duration(difference);
}

Datum subtract_times(const Datum& left, const Datum& right) {
  Int nanoseconds = 0;
  const Int seconds = int_of(left) - int_of(right);
  const Int fraction = Int{left.payload.size} - Int{right.payload.size};
  if (__builtin_mul_overflow(seconds, kNanosPerSecond, &nanoseconds) ||
      __builtin_add_overflow(nanoseconds, fraction, &nanoseconds)) {
    return Datum::error("timestamp overflow");
  }
  return make_duration(nanoseconds);
}

}  // namespace

Datum add(Frame& frame, const Datum& left, const Datum& right) {
  if (both(left, right, Tag::string) || both(left, right, Tag::bytes)) return concatenate_text(frame, left, right);
  if (is_list(left) && is_list(right)) return concatenate_lists(frame, left, right);
  if (both(left, right, Tag::integer)) {
    Int sum = 0;
    return __builtin_add_overflow(int_of(left), int_of(right), &sum) ? int_overflow() : number(sum);
  }
  if (both(left, right, Tag::uinteger)) {
    Uint sum = 0;
    return __builtin_add_overflow(uint_of(left), uint_of(right), &sum) ? uint_overflow() : number(sum);
  }
  if (both(left, right, Tag::real)) return number(real_of(left) + real_of(right));
  if (both(left, right, Tag::duration)) return add_durations(int_of(left), int_of(right));
  if (is(left, Tag::timestamp) && is(right, Tag::duration)) return shift_time(left, int_of(right));
  if (is(left, Tag::duration) && is(right, Tag::timestamp)) return shift_time(right, int_of(left));
  return no_such_overload();
}

Datum subtract(Frame&, const Datum& left, const Datum& right) {
  if (both(left, right, Tag::integer)) {
    Int difference = 0;
    return __builtin_sub_overflow(int_of(left), int_of(right), &difference) ? int_overflow() : number(difference);
  }
  if (both(left, right, Tag::uinteger)) {
    return uint_of(left) < uint_of(right) ? uint_overflow() : number(uint_of(left) - uint_of(right));
  }
  if (both(left, right, Tag::real)) return number(real_of(left) - real_of(right));
  if (both(left, right, Tag::duration)) return subtract_durations(int_of(left), int_of(right));
  if (both(left, right, Tag::timestamp)) return subtract_times(left, right);
  if (is(left, Tag::timestamp) && is(right, Tag::duration)) {
    if (int_of(right) == INT64_MIN) return Datum::error("duration overflow");
    return shift_time(left, -int_of(right));
  }
  return no_such_overload();
}

Datum multiply(Frame&, const Datum& left, const Datum& right) {
  if (both(left, right, Tag::integer)) {
    Int product = 0;
    return __builtin_mul_overflow(int_of(left), int_of(right), &product) ? int_overflow() : number(product);
  }
  if (both(left, right, Tag::uinteger)) {
    Uint product = 0;
    return __builtin_mul_overflow(uint_of(left), uint_of(right), &product) ? uint_overflow() : number(product);
  }
  return both(left, right, Tag::real) ? number(real_of(left) * real_of(right)) : no_such_overload();
}

Datum divide(Frame&, const Datum& left, const Datum& right) {
  if (both(left, right, Tag::real)) return number(real_of(left) / real_of(right));
  if (both(left, right, Tag::integer)) {
    if (int_of(right) == 0) return Datum::error("division by zero");
    if (int_of(left) == INT64_MIN && int_of(right) == -1) return int_overflow();
    return number(int_of(left) / int_of(right));
  }
  if (!both(left, right, Tag::uinteger)) return no_such_overload();
  return uint_of(right) == 0 ? Datum::error("division by zero") : number(uint_of(left) / uint_of(right));
}

Datum remainder(Frame&, const Datum& left, const Datum& right) {
  if (both(left, right, Tag::integer)) {
    if (int_of(right) == 0) return Datum::error("modulus by zero");
    if (int_of(left) == INT64_MIN && int_of(right) == -1) return int_overflow();
    return number(int_of(left) % int_of(right));
  }
  if (!both(left, right, Tag::uinteger)) return no_such_overload();
  return uint_of(right) == 0 ? Datum::error("modulus by zero") : number(uint_of(left) % uint_of(right));
}

Datum negate(const Datum& operand) {
  if (is(operand, Tag::integer)) return int_of(operand) == INT64_MIN ? int_overflow() : number(-int_of(operand));
  if (is(operand, Tag::real)) return number(-real_of(operand));
  if (is(operand, Tag::duration)) {
    return int_of(operand) == INT64_MIN ? Datum::error("duration overflow") : make_duration(-int_of(operand));
  }
  return no_overload_for(operand);
}

Datum shift_time(const Datum& timestamp, Int nanoseconds) {
  Int seconds = int_of(timestamp) + nanoseconds / kNanosPerSecond;
  Int fraction = Int{timestamp.payload.size} + nanoseconds % kNanosPerSecond;
  if (fraction < 0) {
    fraction += kNanosPerSecond;
    --seconds;
  } else if (fraction >= kNanosPerSecond) {
    fraction -= kNanosPerSecond;
    ++seconds;
  }
  if (seconds < kMinSeconds || seconds > kMaxSeconds) return Datum::error("timestamp overflow");
  Datum moved = make_timestamp(seconds, static_cast<std::uint32_t>(fraction));
  moved.payload.zone = timestamp.payload.zone;
  return moved;
}

}  // namespace posture::cel
