// SPDX-License-Identifier: Apache-2.0
// Values of literal tokens: numbers, and strings with their escapes.
#include <charconv>
#include <cmath>
#include <limits>

#include "cel/syntax/lexer.h"
#include "cel/value/text.h"

namespace posture::cel {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char simple_escape(char c) {
  static constexpr std::string_view kLetters = "abfnrtv\\'\"`?";
  static constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\'\"`?";
  const std::size_t at = kLetters.find(c);
  return at == std::string_view::npos ? '\0' : kValues[at];
}

// Reads escapes of one literal; `rest` begins behind a backslash.
class Unescaper {
 public:
  Unescaper(bool bytes, std::string& out) : bytes_(bytes), out_(out) {}

  bool escape(std::string_view& rest) {
    if (rest.empty()) return false;
    const char letter = rest.front();
    if (const char simple = simple_escape(letter); simple != '\0') {
      out_ += simple;
      rest.remove_prefix(1);
      return true;
    }
    if (letter >= '0' && letter <= '3') return digits(rest, 3, 8);
    rest.remove_prefix(1);
    if (letter == 'x' || letter == 'X') return digits(rest, 2, 16);
    if (bytes_) return false;
    return letter == 'u' ? digits(rest, 4, 16) : letter == 'U' && digits(rest, 8, 16);
  }

 private:
  bool digits(std::string_view& rest, std::size_t count, unsigned base) {
    if (rest.size() < count) return false;
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const int digit = hex_digit(rest[i]);
      if (digit < 0 || digit >= static_cast<int>(base)) return false;
      code = code * base + static_cast<std::uint32_t>(digit);
    }
    rest.remove_prefix(count);
    if (bytes_) {
      out_ += static_cast<char>(code);
      return true;
    }
    return append_utf8(code, out_);
  }

  bool bytes_;
  std::string& out_;
};

std::string_view strip_quotes(std::string_view text) {
  const bool triple = text.size() >= 6 && text[1] == text[0] && text[2] == text[0];
  const std::size_t quotes = triple ? 3 : 1;
  return text.substr(quotes, text.size() - 2 * quotes);
}

}  // namespace

bool unquote(const Token& token, std::string& out) {
  std::string_view text = token.text;
  if (token.kind == TokenKind::bytes) text.remove_prefix(1);
  const bool raw = text.front() == 'r' || text.front() == 'R';
  if (raw) text.remove_prefix(1);
  text = strip_quotes(text);
  Unescaper unescaper(token.kind == TokenKind::bytes, out);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '\\' && !raw) {
      if (!unescaper.escape(text)) return false;
    } else if (c == '\r') {
      out += '\n';
      if (text.starts_with('\n')) text.remove_prefix(1);
    } else {
      out += c;
    }
  }
  return true;
}

bool parse_uinteger(std::string_view text, std::uint64_t& out) {
  if (text.ends_with('u') || text.ends_with('U')) text.remove_suffix(1);
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, hex ? 16 : 10);
  return error == std::errc() && end == text.data() + text.size();
}

bool parse_integer(std::string_view text, bool negative, std::int64_t& out) {
  std::uint64_t magnitude = 0;
  if (!parse_uinteger(text, magnitude)) return false;
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > kMax + (negative ? 1 : 0)) return false;
  out = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  return true;
}

bool parse_real(std::string_view text, double& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (end != text.data() + text.size()) return false;
  if (error == std::errc::result_out_of_range) {  // too small becomes zero, as in Go; too large is an error
    out = std::strtod(std::string(text).c_str(), nullptr);
    return std::fabs(out) < 1;
  }
  return error == std::errc();
}

}  // namespace posture::cel
