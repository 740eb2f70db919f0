// SPDX-License-Identifier: Apache-2.0
// size, contains, startsWith, endsWith.
#include <array>

#include "cel/library/library.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

Datum size(Frame&, Arguments arguments) { return Datum::integer(static_cast<std::int64_t>(cost_size(arguments[0]))); }

Datum contains(Frame&, Arguments arguments) {
  return Datum::boolean(text_of(arguments[0]).find(text_of(arguments[1])) != std::string_view::npos);
}

Datum starts_with(Frame&, Arguments arguments) {
  return Datum::boolean(text_of(arguments[0]).starts_with(text_of(arguments[1])));
}

Datum ends_with(Frame&, Arguments arguments) {
  return Datum::boolean(text_of(arguments[0]).ends_with(text_of(arguments[1])));
}

constexpr CostRule kSearchEnd = cost::by_overload(cost::walk_units<1>, cost::walk_estimate<1>);

constexpr std::array kStandardOverloads = std::to_array<Overload>({
    {"size", "(bytes) -> int", size},
    {"size", "(list(A)) -> int", size},
    {"size", "(map(A, B)) -> int", size},
    {"size", "(string) -> int", size},
    {"size", "bytes.() -> int", size},
    {"size", "list(A).() -> int", size},
    {"size", "map(A, B).() -> int", size},
    {"size", "string.() -> int", size},
    {"contains", "string.(string) -> bool", contains, cost::kSearch},
    {"startsWith", "string.(string) -> bool", starts_with, kSearchEnd},
    {"endsWith", "string.(string) -> bool", ends_with, kSearchEnd},
});

}  // namespace

std::span<const Overload> standard_library() { return kStandardOverloads; }

}  // namespace posture::cel
