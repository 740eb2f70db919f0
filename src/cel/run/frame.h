// SPDX-License-Identifier: Apache-2.0
// State of one evaluation: where variables come from, memory, local variables and fuel.
#pragma once

#include <span>

#include "cel/limits.h"
#include "cel/value/text.h"
#include "cel/value/values.h"

namespace posture::cel {

inline constexpr std::uint32_t kNoPlace = 0xffffffff;

struct Frame {
  Host* host;
  Scratch& scratch;
  std::span<Datum> variables;  ///< of the program, absent until asked for
  std::span<Datum> locals;
  std::uint64_t cost = 0;
  std::uint32_t failed_at = kNoPlace;  ///< offset in the text, in programs that keep places
  std::int16_t readings = 0;  ///< of lists and maps in JSON that became keys
  bool panicked = false;  ///< cel-go panics here: no || or && absorbs that

  Memory& memory() { return scratch.memory(); }
  void charge(std::uint64_t units) { cost += units; }
  /// True once fuel or memory has run out, or at a panic: loops stop, and the whole evaluation becomes an error.
  bool stopped() { return cost > kMaxCost || memory().exhausted || panicked; }
};

/// equal() within the bounds of an evaluation: one that visits too much ends it.
bool equal(Frame& frame, const Datum& left, const Datum& right);

/// Units for walking `size` characters or elements: a tenth each, rounded up.
inline std::uint64_t traversal(std::uint64_t size) { return (size + 9) / 10; }
/// Size as the API server's cost rules see it: elements, code points, bytes; 1 for anything else.
std::uint64_t cost_size(const Datum& datum);

inline Datum no_such_overload() { return Datum::error("no such overload"); }
inline Datum out_of_memory() { return Datum::error("operation cancelled: memory limit exceeded"); }
/// The operand if it is an error, otherwise `no such overload`.
inline Datum no_overload_for(const Datum& operand) { return is_error(operand) ? operand : no_such_overload(); }
/// Of two failures the one to report: an unknown before an error, else the first.
inline Datum worse(const Datum& first, const Datum& second) {
  return is(second, Tag::unknown) && !is(first, Tag::unknown) ? second : first;
}

}  // namespace posture::cel
