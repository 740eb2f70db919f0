// SPDX-License-Identifier: Apache-2.0
// What calls are expected to cost. Where the API server's own estimate is a slip (sizes that wrap around), so is this one: the
// numbers must be its.
#include "cel/cost/cost.h"

namespace posture::cel::cost {
namespace {

std::uint64_t parts(std::uint64_t whole, std::uint64_t part) {
  return saturated(std::ceil(static_cast<double>(whole) / static_cast<double>(part)));
}

Bounds matching(Operands operands) { return (operands[0].size + exactly(1)) * kWalk * (operands[1].size * kPattern); }

bool is_text(const StaticType* type) { return is_kind(type, TypeKind::string) || is_kind(type, TypeKind::bytes); }

const StaticType* first_parameter(const StaticType* type) { return type->variable ? nullptr : type->parameters[0]; }

// How often a text can be replaced in one of `whole` characters, and how much of that is kept.
struct Replacing {
  std::uint64_t count = 0;
  std::uint64_t kept = 0;
};
Replacing replacing(std::uint64_t whole, std::uint64_t part, bool no_change) {
  if (part == 0) return {saturated_sum(whole, 1), whole};
  if (no_change) return {0, whole};
  return {parts(whole, part), 0};
}

}  // namespace

CallEstimate transform_estimate(Operands operands) { return {operands[0].size * kWalk, operands[0].size}; }

CallEstimate deep_estimate(Operands operands) {
  const StaticType* element = first_parameter(operands[0].type);
  if (element == nullptr) return {operands[0].size * kWalk, {}};
  const Bounds each = is_text(element) ? exactly(1) + kAnySize * kWalk : exactly(1);
  return {operands[0].size * each, {}};
}

CallEstimate search_estimate(Operands operands) { return {operands[0].size * kWalk * (operands[1].size * kWalk), {}}; }

CallEstimate match_estimate(Operands operands) { return {matching(operands), {}}; }

CallEstimate find_estimate(Operands operands) { return {matching(operands), Bounds{0, operands[0].size.most}}; }

CallEstimate compare_estimate(Operands operands) {
  const std::uint64_t most = std::min(operands[0].size.most, operands[1].size.most);
  return {Bounds{most > 0 ? 1u : 0u, most} * kWalk, {}};
}

CallEstimate equal_estimate(Operands operands) {
  constexpr std::uint64_t kLongestFormat = 64;
  if (!same(operands[0].type, operands[1].type) || operands[0].type->variable) return compare_estimate(operands);
  switch (operands[0].type->kind) {
    case TypeKind::format: return {Bounds{1, kLongestFormat} * kWalk, {}};
    case TypeKind::url: return {Bounds{1, operands[1].sized ? operands[1].size.most : 1} * kWalk, {}};
    case TypeKind::ip:
    case TypeKind::cidr:
    case TypeKind::quantity:
    case TypeKind::semver:
    case TypeKind::authorizer:
    case TypeKind::path_check:
    case TypeKind::group_check:
    case TypeKind::resource_check:
    case TypeKind::decision: return {};
    default: return compare_estimate(operands);
  }
}

CallEstimate append_estimate(Operands operands) {
  const Bounds size = operands[0].size + operands[1].size;
  return {size * kWalk, size};
}

CallEstimate append_list_estimate(Operands operands) { return {exactly(1), operands[0].size + operands[1].size}; }

CallEstimate list_member_estimate(Operands operands) { return {operands[1].size, {}}; }

CallEstimate replace_estimate(Operands operands) {
  const Bounds whole = operands[0].size;
  const Bounds part = operands[1].size;
  const Bounds by = operands[2].size;
  const Replacing most = replacing(whole.most, part.least, by.most <= part.least);
  const Replacing least = replacing(whole.least, part.most, part.most <= by.least);
  const Bounds size = Bounds{least.count, most.count} * by + Bounds{least.kept, most.kept};
  return {whole * (2 * kWalk), size};
}

CallEstimate split_estimate(Operands operands) {
  const auto limit = operands.size() > 2 ? operands[2].integer : std::nullopt;
  const std::uint64_t most = limit ? static_cast<std::uint64_t>(*limit) : operands[0].size.most;
  return {operands[0].size * (2 * kWalk), Bounds{0, most}};
}

CallEstimate join_estimate(Operands operands) {
  const Bounds count = operands[0].size;
  Bounds size{};
  if (first_parameter(operands[0].type) != nullptr) size = count * kAnySize;
  if (operands.size() > 1) {
    const auto between = [](std::uint64_t number) { return number > 0 ? number - 1 : 0; };
    size = size + operands[1].size * Bounds{between(count.least), between(count.most)};
  }
  return {size * kWalk, size};
}

CallEstimate to_bytes_estimate(Operands operands) {
  const Bounds size = operands[0].size;
  return {size * kWalk, Bounds{size.least, size.most * 4}};
}

CallEstimate to_string_estimate(Operands operands) {
  const Bounds size = operands[0].size;
  return {size * kWalk, Bounds{size.least / 4, size.most}};
}

CallEstimate quote_estimate(Operands operands) {
  const Bounds size = operands[0].size;
  return {size * kWalk, Bounds{size.least + 2, size.most * 2 + 2}};
}

CallEstimate made_list(Bounds size, double factor) { return {size * factor + exactly(kMadeList), size}; }

CallEstimate self_compare(Bounds size, bool text) { return made_list(size * size, text ? 2 + kWalk : 2.0); }

}  // namespace posture::cel::cost
