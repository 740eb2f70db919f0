// SPDX-License-Identifier: Apache-2.0
// string.format(list).
#include "cel/value/format.h"

#include <array>

#include "cel/library/library.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

Datum format(Frame& frame, Arguments arguments) {
  FormatReader reader(text_of(arguments[0]));
  std::string out;
  Clause clause;
  for (std::size_t i = 0; reader.next(out, clause); ++i) {
    if (i >= list_size(arguments[1])) return keep_error(frame.memory(), "index " + std::to_string(i) + " out of range");
    const std::string error = apply_clause(clause, list_at(arguments[1], i), out);
    if (!error.empty()) return keep_error(frame.memory(), error);
    if (out.size() > kMaxMemory) return out_of_memory();
  }
  return reader.error().empty() ? keep_string(frame.memory(), out) : keep_error(frame.memory(), reader.error());
}

constexpr CostRule kFormat = cost::by_overload(cost::walk_units<0>, cost::walk_estimate<0>);

constexpr std::array kFormatOverloads = std::to_array<Overload>({
    {"format", "string.(list(dyn)) -> string", format, kFormat, 30},
});

}  // namespace

std::span<const Overload> format_library() { return kFormatOverloads; }

}  // namespace posture::cel
