// SPDX-License-Identifier: Apache-2.0
#include "base/jwt.h"

#include <algorithm>
#include <string>

#include "base/base64.h"
#include "base/json.h"

namespace posture {
namespace {

/// The URL alphabet, without padding (RFC 4648 section 5).
std::optional<std::string> decode_base64url(std::string_view text) {
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  return decode_base64(standard);
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> jwt_expiry(std::string_view token) {
  constexpr double kLastSecond = 9e9;  // beyond it a clock of nanoseconds ends
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  const std::optional<std::string> claims = decode_base64url(token.substr(first + 1, second - first - 1));
  if (!claims) return std::nullopt;
  JsonParser parser;
  const Value expiry = Value(parser.parse_copy(*claims))["exp"];
  const double seconds = std::clamp(expiry.real(), 0.0, kLastSecond);
  if (!expiry.is(ValueType::integer) && !expiry.is(ValueType::real)) return std::nullopt;
  return std::chrono::system_clock::time_point(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

}  // namespace posture
