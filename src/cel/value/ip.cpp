// SPDX-License-Identifier: Apache-2.0
#include "cel/value/ip.h"

#include <algorithm>
#include <charconv>

namespace posture::cel {
namespace {

bool parse_ipv4(std::string_view text, std::uint8_t* bytes) {
  for (int field = 0; field < 4; ++field) {
    const std::size_t length = std::min(text.find('.'), text.size());
    const std::string_view digits = text.substr(0, length);
    if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return false;
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
    unsigned value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (value > 255) return false;
    bytes[field] = static_cast<std::uint8_t>(value);
    text.remove_prefix(length);
    if (field < 3 && !text.starts_with('.')) return false;
    if (field < 3) text.remove_prefix(1);
  }
  return text.empty();
}

// One group of up to four hexadecimal digits.
bool parse_group(std::string_view& text, std::uint8_t* bytes) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789abcdefABCDEF"), text.size());
  if (length == 0 || length > 4) return false;
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + length, value, 16);
  bytes[0] = static_cast<std::uint8_t>(value >> 8);
  bytes[1] = static_cast<std::uint8_t>(value & 255);
  text.remove_prefix(length);
  return true;
}

bool parse_ipv6(std::string_view text, std::uint8_t* bytes) {
  std::size_t at = 0;
  std::size_t gap = 17;  // where :: stands, beyond 16 if nowhere
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (at < 16 && !text.empty()) {
    const std::size_t group = std::min(text.find(':'), text.size());
    if (text.substr(0, group).find('.') != std::string_view::npos) {
      if ((gap > 16 && at != 12) || at + 4 > 16 || !parse_ipv4(text, bytes + at)) return false;
      at += 4;
      text = {};
      break;
    }
    if (!parse_group(text, bytes + at)) return false;
    at += 2;
    if (text.empty()) break;
    if (!text.starts_with(':') || text.size() == 1) return false;
    text.remove_prefix(1);
    if (!text.starts_with(':')) continue;
    if (gap <= 16) return false;
    gap = at;
    text.remove_prefix(1);
  }
  if (!text.empty()) return false;
  if (gap > 16) return at == 16;
  if (at == 16) return false;
  std::copy_backward(bytes + gap, bytes + at, bytes + 16);
  std::fill(bytes + gap, bytes + gap + (16 - at), std::uint8_t{0});
  return true;
}

bool is_mapped(const Ip& ip) {
  return ip.size == 16 && std::all_of(ip.bytes.begin(), ip.bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) &&
         ip.bytes[10] == 255 && ip.bytes[11] == 255;
}

std::string in_quotes(std::string_view text) { return std::string("\"").append(text).append("\""); }

unsigned group_of(const Ip& ip, std::size_t i) {
  return static_cast<unsigned>(ip.bytes[2 * i] << 8 | ip.bytes[2 * i + 1]);
}

}  // namespace

bool parse_address(std::string_view text, Ip& out) {
  out = {{TypeKind::ip}, 4, {}};
  if (text.find(':') == std::string_view::npos) return parse_ipv4(text, out.bytes.data());
  out.size = 16;
  return parse_ipv6(text, out.bytes.data());
}

std::string parse_ip(std::string_view text, Ip& out) {
  const std::size_t zone = text.find('%');
  const bool zoned = zone != std::string_view::npos && text.find(':') < zone && zone + 1 < text.size();
  if (!parse_address(zoned ? text.substr(0, zone) : text, out)) {
    return "IP Address " + in_quotes(text) + " parse error during conversion from string";
  }
  if (zoned) return "IP address " + in_quotes(text) + " with zone value is not allowed";
  return is_mapped(out) ? "IPv4-mapped IPv6 address " + in_quotes(text) + " is not allowed" : std::string();
}

std::string parse_cidr(std::string_view text, Cidr& out) {
  std::string error =
      "network address parse error during conversion from string: netip.ParsePrefix(" + in_quotes(text) + ")";
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos || !parse_address(text.substr(0, slash), out.address)) return error;
  const std::string_view bits = text.substr(slash + 1);
  if (bits.empty() || bits.size() > 3 || bits.find_first_not_of("0123456789") != std::string_view::npos) return error;
  if (bits.size() > 1 && bits[0] == '0') return error;
  unsigned value = 0;
  std::from_chars(bits.data(), bits.data() + bits.size(), value);
  if (value > out.address.size * 8u) return error;
  out.kind = TypeKind::cidr;
  out.bits = static_cast<std::uint8_t>(value);
  return is_mapped(out.address) ? "IPv4-mapped IPv6 address " + in_quotes(text) + " is not allowed" : std::string();
}

std::string to_string(const Ip& ip) {
  std::string text;
  if (ip.size == 4) {
    for (std::size_t i = 0; i < 4; ++i) text.append(i > 0 ? "." : "").append(std::to_string(ip.bytes[i]));
    return text;
  }
  std::size_t zero_start = 8;
  std::size_t zero_length = 1;  // a single zero group is not shortened
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && group_of(ip, i + length) == 0) ++length;
    if (length > zero_length) {
      zero_start = i;
      zero_length = length;
    }
  }
  std::array<char, 8> digits;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == zero_start) {
      text += "::";
      i += zero_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), group_of(ip, i), 16).ptr;
    text.append(digits.data(), end);
  }
  return text;
}

std::string to_string(const Cidr& cidr) { return to_string(cidr.address) + "/" + std::to_string(cidr.bits); }

Ip masked(const Cidr& cidr) {
  Ip result = cidr.address;
  for (std::size_t i = 0; i < result.size; ++i) {
    const int keep = std::clamp(static_cast<int>(cidr.bits) - static_cast<int>(8 * i), 0, 8);
    result.bytes[i] = static_cast<std::uint8_t>(result.bytes[i] & (0xFF00u >> keep));
  }
  return result;
}

bool contains(const Cidr& cidr, const Ip& ip) {
  if (cidr.address.size != ip.size) return false;
  Cidr other = cidr;
  other.address = ip;
  return masked(cidr).bytes == masked(other).bytes;
}

}  // namespace posture::cel
