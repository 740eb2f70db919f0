// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <array>
#include <cstdint>

namespace posture {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kInvalid = 0xff;

constexpr std::array<std::uint8_t, 256> decode_table() {
  std::array<std::uint8_t, 256> table{};
  for (std::uint8_t& entry : table) entry = kInvalid;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}
constexpr std::array<std::uint8_t, 256> kDecode = decode_table();

/// Collects six-bit digits and writes a byte whenever eight bits are there.
struct Bits {
  std::uint32_t bits = 0;
  int count = 0;

  void add(std::uint8_t digit, std::string& out) {
    bits = (bits << 6) | digit;
    count += 6;
    if (count < 8) return;
    count -= 8;
    out.push_back(static_cast<char>((bits >> count) & 0xff));
  }
};

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  Bits bits;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::uint8_t digit = kDecode[static_cast<unsigned char>(c)];
    if (digit == kInvalid || padding > 0) return std::nullopt;
    ++digits;
    bits.add(digit, out);
  }
  if (digits % 4 == 1 || padding != (4 - digits % 4) % 4) return std::nullopt;
  return out;
}

std::string encode_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out.push_back(j <= count ? kAlphabet[group >> (18 - 6 * j) & 63] : '=');
  }
  return out;
}

}  // namespace posture
