// SPDX-License-Identifier: Apache-2.0
#include "cel/value/semver.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace posture::cel {
namespace {

constexpr std::string_view kNumbers = "0123456789";
constexpr std::string_view kAlphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789";

bool only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool parse_number(std::string_view text, std::uint64_t& value) {
  if (text.empty() || !only(text, kNumbers) || (text.size() > 1 && text[0] == '0')) return false;
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

// Identifiers between dots, each alphanumeric; numeric ones without leading zeros if `strict`.
bool valid_identifiers(std::string_view text, bool strict) {
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    std::uint64_t number = 0;
    if (part.empty() || !only(part, kAlphanumeric)) return false;
    if (strict && only(part, kNumbers) && !parse_number(part, number)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

int compare_identifiers(std::string_view left, std::string_view right) {
  const bool left_number = only(left, kNumbers);
  const bool right_number = only(right, kNumbers);
  if (left_number != right_number) return left_number ? -1 : 1;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  if (!left_number) {
    const int order = left.compare(right);
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
  }
  parse_number(left, a);
  parse_number(right, b);
  return a < b ? -1 : (a > b ? 1 : 0);
}

int compare_prereleases(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return left.empty() == right.empty() ? 0 : (left.empty() ? 1 : -1);
  while (!left.empty() && !right.empty()) {
    const int order = compare_identifiers(take_until(left, '.'), take_until(right, '.'));
    if (order != 0) return order;
  }
  return left.empty() == right.empty() ? 0 : (left.empty() ? -1 : 1);
}

}  // namespace

std::string parse_semver(std::string_view text, Semver& out) {
  out = {};
  out.kind = TypeKind::semver;
  if (text.empty()) return "Version string empty";
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return "No Major.Minor.Patch elements found";
  std::string_view rest = text.substr(second + 1);
  const std::size_t plus = rest.find('+');
  const bool has_build = plus != std::string_view::npos;
  if (has_build) out.build = rest.substr(plus + 1);
  rest = rest.substr(0, plus);
  const std::size_t minus = rest.find('-');
  const bool has_prerelease = minus != std::string_view::npos;
  if (has_prerelease) out.prerelease = rest.substr(minus + 1);
  const std::string_view numbers[3] = {text.substr(0, first), text.substr(first + 1, second - first - 1),
                                       rest.substr(0, minus)};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!parse_number(numbers[i], out.numbers[i])) return "Invalid number in version " + std::string(text);
  }
  if (has_prerelease && !valid_identifiers(out.prerelease, true))
    return "Invalid prerelease in version " + std::string(text);
  if (has_build && !valid_identifiers(out.build, false))
    return "Invalid build meta data in version " + std::string(text);
  return {};
}

std::string normalize_semver(std::string_view text, std::string& error) {
  if (text.starts_with('v')) text.remove_prefix(1);
  std::vector<std::string> parts;
  while (parts.size() < 2 && text.find('.') != std::string_view::npos) parts.emplace_back(take_until(text, '.'));
  parts.emplace_back(text);
  for (std::string& part : parts) {
    if (part.size() < 2) continue;
    part.erase(0, std::min(part.find_first_not_of('0'), part.size()));
    if (part.empty() || kNumbers.find(part[0]) == std::string_view::npos) part.insert(part.begin(), '0');
  }
  if (parts.size() < 3 && parts.back().find_first_of("+-") != std::string::npos) {
    error = "short version cannot contain PreRelease/Build meta data";
    return {};
  }
  while (parts.size() < 3) parts.emplace_back("0");
  return parts[0] + "." + parts[1] + "." + parts[2];
}

int compare_semvers(const Semver& left, const Semver& right) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (left.numbers[i] != right.numbers[i]) return left.numbers[i] < right.numbers[i] ? -1 : 1;
  }
  return compare_prereleases(left.prerelease, right.prerelease);
}

}  // namespace posture::cel
