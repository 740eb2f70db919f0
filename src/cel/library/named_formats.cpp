// SPDX-License-Identifier: Apache-2.0
// format.NAME(), format.named() and validate().
#include <algorithm>
#include <array>

#include "cel/library/library.h"
#include "cel/value/named_format.h"
#include "cel/value/opaque.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

template <std::size_t n>
Datum constant(Frame&, Arguments) {
  return make_opaque(&named_formats()[n]);
}

Datum named(Frame& frame, Arguments arguments) {
  const std::string_view name = text_of(arguments[0]);
  const std::span<const NamedFormat> formats = named_formats();
  const auto found =
      std::find_if(formats.begin(), formats.end(), [&](const NamedFormat& row) { return row.name == name; });
  return found == formats.end() ? Datum::none() : Datum::some(make_opaque(&*found), frame.scratch);
}

Datum validate(Frame& frame, Arguments arguments) {
  std::vector<std::string> problems;
  opaque_of<NamedFormat>(arguments[0]).validate(text_of(arguments[1]), problems);
  if (problems.empty()) return Datum::none();
  Datum* list = frame.memory().array<Datum>(problems.size());
  if (list == nullptr) return out_of_memory();
  std::transform(problems.begin(), problems.end(), list,
                 [&](const std::string& p) { return keep_string(frame.memory(), p); });
  return Datum::some(make_list(list, problems.size()), frame.scratch);
}

std::uint64_t validate_units(Arguments arguments, const Datum&) {
  if (arguments[0].kind() != TypeKind::format) return 1;
  const std::uint64_t pattern = opaque_of<NamedFormat>(arguments[0]).pattern_size;
  return traversal(cost_size(arguments[1]) + 1) * ((pattern + 3) / 4);
}

CallEstimate validate_estimate(std::span<const Operand> operands) {
  constexpr double kLongestPattern = 128;
  return {operands[1].size * cost::kWalk * (kLongestPattern * cost::kPattern), {}};
}

constexpr CostRule kValidate = cost::by_name(validate_units, validate_estimate);

constexpr std::array kNamedFormatOverloads = std::to_array<Overload>({
    {"format.named", "(string) -> optional(format)", named, cost::kOne, 32},
    {"validate", "format.(string) -> optional(list(string))", validate, kValidate, 32},
    {"format.dns1123Label", "() -> format", constant<0>, cost::kOne, 32},
    {"format.dns1123Subdomain", "() -> format", constant<1>, cost::kOne, 32},
    {"format.dns1035Label", "() -> format", constant<2>, cost::kOne, 32},
    {"format.qualifiedName", "() -> format", constant<3>, cost::kOne, 32},
    {"format.dns1123LabelPrefix", "() -> format", constant<4>, cost::kOne, 32},
    {"format.dns1123SubdomainPrefix", "() -> format", constant<5>, cost::kOne, 32},
    {"format.dns1035LabelPrefix", "() -> format", constant<6>, cost::kOne, 32},
    {"format.labelValue", "() -> format", constant<7>, cost::kOne, 32},
    {"format.uri", "() -> format", constant<8>, cost::kOne, 32},
    {"format.uuid", "() -> format", constant<9>, cost::kOne, 32},
    {"format.byte", "() -> format", constant<10>, cost::kOne, 32},
    {"format.date", "() -> format", constant<11>, cost::kOne, 32},
    {"format.datetime", "() -> format", constant<12>, cost::kOne, 32},
});

}  // namespace

std::span<const Overload> named_format_library() { return kNamedFormatOverloads; }

}  // namespace posture::cel
