// SPDX-License-Identifier: Apache-2.0
// format.NAME(), format.named() and validate().
#include <algorithm>
#include <array>

#include "cel/cost.h"
#include "cel/named_format.h"
#include "cel/opaque.h"

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

std::uint64_t validate_cost(Arguments arguments, const Datum&) {
  const std::uint64_t pattern = opaque_of<NamedFormat>(arguments[0]).pattern_size;
  return traversal(cost_size(arguments[1]) + 1) * ((pattern + 3) / 4);
}

constexpr std::array kNamedFormatOverloads = std::to_array<Overload>({
    {"format.named", "(string) -> optional(format)", named, nullptr, 32},
    {"validate", "format.(string) -> optional(list(string))", validate, validate_cost, 32},
    {"format.dns1123Label", "() -> format", constant<0>, nullptr, 32},
    {"format.dns1123Subdomain", "() -> format", constant<1>, nullptr, 32},
    {"format.dns1035Label", "() -> format", constant<2>, nullptr, 32},
    {"format.qualifiedName", "() -> format", constant<3>, nullptr, 32},
    {"format.dns1123LabelPrefix", "() -> format", constant<4>, nullptr, 32},
    {"format.dns1123SubdomainPrefix", "() -> format", constant<5>, nullptr, 32},
    {"format.dns1035LabelPrefix", "() -> format", constant<6>, nullptr, 32},
    {"format.labelValue", "() -> format", constant<7>, nullptr, 32},
    {"format.uri", "() -> format", constant<8>, nullptr, 32},
    {"format.uuid", "() -> format", constant<9>, nullptr, 32},
    {"format.byte", "() -> format", constant<10>, nullptr, 32},
    {"format.date", "() -> format", constant<11>, nullptr, 32},
    {"format.datetime", "() -> format", constant<12>, nullptr, 32},
});

}  // namespace

std::span<const Overload> named_format_library() { return kNamedFormatOverloads; }

}  // namespace posture::cel
