// SPDX-License-Identifier: Apache-2.0
#include "cel/value/json_text.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "cel/limits.h"
#include "cel/value/opaque.h"
#include "cel/value/text.h"
#include "cel/value/time_values.h"

namespace posture::cel {
namespace {

constexpr int kPlainBelow = 6;  // decimal exponents from here on are written as such
constexpr std::string_view kCut = "\u2026";  // where a text would become too long
constexpr std::string_view kHex = "0123456789abcdef";

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (code < 0x20) {
      out += "\\u00";
      out += kHex[code >> 4];
      out += kHex[code & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_base64(std::string_view bytes, std::string& out) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= have ? kDigits[(group >> (18 - 6 * k)) & 63] : '=';
  }
}

void append_list(const Datum& list, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < list_size(list); ++i) {
    if (out.size() > kMaxMemory) return void(out += kCut);
    if (i > 0) out += ',';
    append_json(list_at(list, i), out);
  }
  out += ']';
}

void append_map(const Datum& map, std::string& out) {
  out += '{';
  for (std::size_t i = 0; i < map_size(map); ++i) {
    if (out.size() > kMaxMemory) return void(out += kCut);
    if (i > 0) out += ',';
    const Entry entry = map_at(map, i);
    append_quoted(display(entry.key), out);
    out += ':';
    append_json(entry.value, out);
  }
  out += '}';
}

std::string shortest(double value, std::chars_format format) {
  std::array<char, 400> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr;
  return {buffer.data(), end};
}

std::string special_name(double value) { return std::isnan(value) ? "NaN" : (value > 0 ? "+Inf" : "-Inf"); }

// Underscores between digits, as Go lets them stand. False for one elsewhere.
bool drop_underscores(std::string& text) {
  for (std::size_t at = 0; (at = text.find('_', at)) != std::string::npos;) {
    const auto digit = [&](std::size_t i) {
      return i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    };
    if (at == 0 || !(digit(at - 1) || text[at - 1] == 'x' || text[at - 1] == 'X') || !digit(at + 1)) return false;
    text.erase(at, 1);
  }
  return true;
}

}  // namespace

std::string format_real(double value) {
  if (!std::isfinite(value)) return special_name(value);
  std::string text = shortest(value, std::chars_format::scientific);
  const std::size_t mark = text.find('e');
  const int exponent = std::atoi(text.c_str() + mark + 1);
  return exponent >= -4 && exponent < kPlainBelow ? format_real_plain(value) : text;
}

std::string go_quoted(std::string_view text) {
  static constexpr std::string_view kSpecial = "\a\b\f\n\r\t\v\\\"";
  static constexpr std::string_view kLetters = "abfnrtv\\\"";
  std::string quoted = "\"";
  while (!text.empty()) {
    const std::size_t length = code_point_bytes(text);
    const auto code = static_cast<unsigned char>(text[0]);
    if (const std::size_t special = kSpecial.find(text[0]); special != std::string_view::npos) {
      quoted += '\\';
      quoted += kLetters[special];
    } else if (code < 0x20 || code == 0x7F || (code >= 0x80 && !is_utf8(text.substr(0, length)))) {
      quoted.append("\\x").append(1, kHex[code >> 4]).append(1, kHex[code & 15]);
      text.remove_prefix(1);
      continue;
    } else {
      quoted += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return quoted + '"';
}

bool parse_go_real(std::string_view text, double& value) {
  if (text.find('_') != std::string_view::npos) {
    std::string plain(text);
    return drop_underscores(plain) && parse_go_real(plain, value);
  }
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  if (text.empty() || text.front() == '-' || (hex && text.find_first_of("pP") == std::string_view::npos)) return false;
  const char* const last = text.data() + text.size();
  const auto [end, error] =
      std::from_chars(text.data(), last, value, hex ? std::chars_format::hex : std::chars_format::general);
  if (end != last || text.find('(') != std::string_view::npos) return false;
  if (error == std::errc::result_out_of_range) {
    value = std::strtod(std::string(text).c_str(), nullptr);
    if (hex || std::fabs(value) > 1) return false;
  } else if (error != std::errc()) {
    return false;
  }
  if (negative) value = -value;
  return true;
}

std::string format_real_plain(double value) {
  return std::isfinite(value) ? shortest(value, std::chars_format::fixed) : special_name(value);
}

std::string display(const Datum& datum) {
  switch (tag_of(datum)) {
    case Tag::string:
    case Tag::bytes:
    case Tag::type:
    case Tag::error:
    case Tag::unknown: return std::string(text_of(datum));
    case Tag::duration: return format_duration(int_of(datum));
    case Tag::timestamp: return format_timestamp(datum);
    case Tag::real: return format_real(real_of(datum));
    default: break;
  }
  std::string out;
  append_json(datum, out);
  return out;
}

void append_json(const Datum& datum, std::string& out) {
  switch (tag_of(datum)) {
    case Tag::boolean: out += bool_of(datum) ? "true" : "false"; return;
    case Tag::integer: out += std::to_string(int_of(datum)); return;
    case Tag::uinteger: out += std::to_string(uint_of(datum)); return;
    case Tag::real:
      return std::isfinite(real_of(datum)) ? void(out += format_real(real_of(datum)))
                                           : append_quoted(special_name(real_of(datum)), out);
    case Tag::bytes:
      out += '"';
      append_base64(text_of(datum), out);
      out += '"';
      return;
    case Tag::list:
    case Tag::json_list: return append_list(datum, out);
    case Tag::map:
    case Tag::json_map: return append_map(datum, out);
    case Tag::some: return append_json(inner_of(datum), out);
    case Tag::opaque: return append_quoted(opaque_text(datum), out);
    case Tag::string:
    case Tag::type:
    case Tag::error:
    case Tag::unknown:
    case Tag::timestamp:
    case Tag::duration: return append_quoted(display(datum), out);
    case Tag::null:
    case Tag::none:
    case Tag::absent: out += "null"; return;
  }
}

}  // namespace posture::cel
