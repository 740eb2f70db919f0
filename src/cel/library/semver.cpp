// SPDX-License-Identifier: Apache-2.0
// Functions on semantic versions.
#include "cel/value/semver.h"

#include <array>

#include "cel/library/library.h"
#include "cel/value/opaque.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

const Semver& semver_at(Arguments arguments, std::size_t i) { return opaque_of<Semver>(arguments[i]); }

// Reads argument 0, normalized first if argument 1 says so. Returns the error, or empty.
std::string read(Frame& frame, Arguments arguments, Semver& version) {
  std::string_view text = text_of(arguments[0]);
  if (arguments.size() > 1 && bool_of(arguments[1])) {
    std::string error;
    const Datum normal = keep_string(frame.memory(), normalize_semver(text, error));
    if (!error.empty()) return error;
    if (is_error(normal)) return std::string(text_of(normal));
    text = text_of(normal);
  }
  return parse_semver(text, version);
}

Datum semver(Frame& frame, Arguments arguments) {
  Semver version{};
  const std::string error = read(frame, arguments, version);
  return error.empty() ? keep_opaque(frame.memory(), version) : keep_error(frame.memory(), error);
}

Datum is_semver(Frame& frame, Arguments arguments) {
  Semver version{};
  return Datum::boolean(read(frame, arguments, version).empty());
}

Datum compare_versions(Frame&, Arguments arguments) {
  return Datum::integer(compare_semvers(semver_at(arguments, 0), semver_at(arguments, 1)));
}

template <int sign>
Datum version_compares_as(Frame&, Arguments arguments) {
  return Datum::boolean(compare_semvers(semver_at(arguments, 0), semver_at(arguments, 1)) == sign);
}

template <std::size_t n>
Datum number(Frame&, Arguments arguments) {
  return Datum::integer(static_cast<std::int64_t>(semver_at(arguments, 0).numbers[n]));
}

constexpr std::array kSemverOverloads = std::to_array<Overload>({
    {"semver", "(string) -> semver", semver, cost::kWalkOver<0>, 34},
    {"semver", "(string, bool) -> semver", semver, cost::kWalkOver<0>, 34},
    {"isSemver", "(string) -> bool", is_semver, cost::kWalkOver<0>, 34},
    {"isSemver", "(string, bool) -> bool", is_semver, cost::kWalkOver<0>, 34},
    {"isGreaterThan", "semver.(semver) -> bool", version_compares_as<1>, cost::kOne, 34},
    {"isLessThan", "semver.(semver) -> bool", version_compares_as<-1>, cost::kOne, 34},
    {"compareTo", "semver.(semver) -> int", compare_versions, cost::kOne, 34},
    {"major", "semver.() -> int", number<0>, cost::kOne, 34},
    {"minor", "semver.() -> int", number<1>, cost::kOne, 34},
    {"patch", "semver.() -> int", number<2>, cost::kOne, 34},
});

}  // namespace

std::span<const Overload> semver_library() { return kSemverOverloads; }

}  // namespace posture::cel
