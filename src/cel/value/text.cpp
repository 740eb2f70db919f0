// SPDX-License-Identifier: Apache-2.0
#include "cel/value/text.h"

#include <algorithm>

namespace posture::cel {
namespace {

unsigned byte(char c) { return static_cast<unsigned char>(c); }
bool continues(char c) { return (byte(c) & 0xC0u) == 0x80u; }

std::size_t length_of(char lead) {
  if (byte(lead) < 0x80) return 1;
  if (byte(lead) < 0xE0) return 2;
  return byte(lead) < 0xF0 ? 3 : 4;
}

// Bytes of a well-formed sequence at the start of `text`, else 0.
std::size_t well_formed(std::string_view text) {
  const std::size_t length = length_of(text[0]);
  if (length == 1) return 1;
  if (byte(text[0]) < 0xC2 || byte(text[0]) > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(text[i])) return 0;
  }
  const std::uint32_t code = decode_code_point(text);
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  return overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? 0 : length;
}

Datum keep(Memory& memory, Tag tag, std::string_view text) {
  char* copy = memory.text(text.size());
  if (copy == nullptr) return Datum::error("memory limit exceeded");
  std::copy(text.begin(), text.end(), copy);
  return make_tagged(tag, {copy, text.size()});
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = well_formed(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool append_utf8(std::uint32_t code, std::string& out) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80u | ((code >> shift) & 0x3Fu)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0u | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0u | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0u | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
  return true;
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::size_t code_point_bytes(std::string_view text) { return std::min(length_of(text[0]), text.size()); }

std::uint32_t decode_code_point(std::string_view text) {
  const std::size_t length = code_point_bytes(text);
  if (length == 1) return byte(text[0]);
  std::uint32_t code = byte(text[0]) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte(text[i]) & 0x3Fu);
  return code;
}

std::size_t byte_offset(std::string_view text, std::size_t index) {
  std::size_t offset = 0;
  for (; index > 0; --index) {
    if (offset >= text.size()) return std::string_view::npos;
    offset += code_point_bytes(text.substr(offset));
  }
  return offset;
}

Datum keep_string(Memory& memory, std::string_view text) { return keep(memory, Tag::string, text); }
Datum keep_bytes(Memory& memory, std::string_view text) { return keep(memory, Tag::bytes, text); }
Datum keep_error(Memory& memory, std::string_view message) { return keep(memory, Tag::error, message); }

}  // namespace posture::cel
