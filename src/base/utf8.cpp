// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <algorithm>
#include <cstring>

namespace posture {
namespace {

std::uint32_t byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// The rune that a lead byte announces: its length, first bits and least code point.
Rune decode_tail(std::string_view text, std::size_t length, std::uint32_t first_bits, std::uint32_t least) {
  if (text.size() < length) return {};
  std::uint32_t code = first_bits;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte_at(text, i) & 0x3f);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < least || code > 0x10ffff || surrogate ? Rune{} : Rune{code, length};
}

bool eight_are_ascii(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return (word & 0x8080808080808080U) == 0;
}

}  // namespace

bool is_ascii(std::string_view text) {
  for (; text.size() >= 8; text.remove_prefix(8)) {
    if (!eight_are_ascii(text.data())) return false;
  }
  return std::all_of(text.begin(), text.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x80; });
}

Rune first_rune(std::string_view text) {
  if (text.empty()) return {};
  const std::uint32_t lead = byte_at(text, 0);
  if (lead < 0x80) return {lead, 1};
  if ((lead & 0xe0) == 0xc0) return decode_tail(text, 2, lead & 0x1f, 0x80);
  if ((lead & 0xf0) == 0xe0) return decode_tail(text, 3, lead & 0x0f, 0x800);
  if ((lead & 0xf8) == 0xf0) return decode_tail(text, 4, lead & 0x07, 0x10000);
  return {};
}

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && eight_are_ascii(text.data() + at)) {
      at += 8;
      continue;
    }
    const Rune rune = first_rune(text.substr(at));
    if (rune.length == 0) break;
    at += rune.length;
  }
  return at;
}

}  // namespace posture
