// SPDX-License-Identifier: Apache-2.0
#include "cel/syntax/lexer.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cel/value/text.h"

namespace posture::cel {
namespace {

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

constexpr std::array<std::string_view, 4> kKeywords = {"in", "true", "false", "null"};
constexpr std::array<std::string_view, 6> kPairs = {"==", "!=", "<=", ">=", "&&", "||"};
constexpr std::string_view kQuotable = ".-/ ";
constexpr std::string_view kSingles = "<>[]{}().,-!?:+*/%";

}  // namespace

Token Lexer::take(TokenKind kind, std::size_t length) {
  const Token token{kind, static_cast<std::uint32_t>(position_), source_.substr(position_, length)};
  position_ += length;
  return token;
}

Token Lexer::invalid(std::string_view message) {
  const Token token{TokenKind::invalid, static_cast<std::uint32_t>(position_), message};
  position_ = source_.size();
  return token;
}

void Lexer::skip_blanks() {
  while (position_ < source_.size()) {
    if (is_blank(at(0))) {
      ++position_;
    } else if (at(0) == '/' && at(1) == '/') {
      position_ = std::min(source_.find('\n', position_), source_.size());
    } else {
      return;
    }
  }
}

Token Lexer::next() {
  skip_blanks();
  if (position_ >= source_.size()) return take(TokenKind::end, 0);
  if (is_digit(at(0)) || (at(0) == '.' && is_digit(at(1)))) return number();
  const std::size_t prefix = string_prefix();
  if (const char quote = at(prefix); quote == '"' || quote == '\'') return quoted(prefix);
  return is_letter(at(0)) ? word() : symbol();
}

// The letters before a quote: b, r or br in any case, in this order. 0 if no quote follows.
std::size_t Lexer::string_prefix() const {
  std::size_t length = 0;
  if ((at(length) | 0x20) == 'b') ++length;
  if ((at(length) | 0x20) == 'r') ++length;
  return at(length) == '"' || at(length) == '\'' ? length : 0;
}

Token Lexer::word() {
  std::size_t length = 1;
  while (is_letter(at(length)) || is_digit(at(length))) ++length;
  const std::string_view text = source_.substr(position_, length);
  const bool keyword = std::find(kKeywords.begin(), kKeywords.end(), text) != kKeywords.end();
  return take(keyword ? TokenKind::keyword : TokenKind::identifier, length);
}

Token Lexer::number() {
  std::size_t length = 0;
  if (at(0) == '0' && at(1) == 'x' && is_hex(at(2))) {
    for (length = 3; is_hex(at(length));) ++length;
    const bool u = (at(length) | 0x20) == 'u';
    return take(u ? TokenKind::uinteger : TokenKind::integer, length + (u ? 1 : 0));
  }
  bool real = false;
  while (is_digit(at(length))) ++length;
  if (at(length) == '.' && is_digit(at(length + 1))) {
    real = true;
    for (length += 2; is_digit(at(length));) ++length;
  }
  if ((at(length) | 0x20) == 'e') {
    const std::size_t sign = at(length + 1) == '+' || at(length + 1) == '-' ? 1 : 0;
    if (is_digit(at(length + 1 + sign))) {
      real = true;
      for (length += 2 + sign; is_digit(at(length));) ++length;
    }
  }
  if (real) return take(TokenKind::real, length);
  if ((at(length) | 0x20) == 'u') return take(TokenKind::uinteger, length + 1);
  return take(TokenKind::integer, length);
}

Token Lexer::quoted(std::size_t prefix) {
  const char quote = at(prefix);
  const bool bytes = prefix > 0 && (at(0) | 0x20) == 'b';
  const bool raw = prefix > 0 && (at(prefix - 1) | 0x20) == 'r';
  const bool triple = at(prefix + 1) == quote && at(prefix + 2) == quote;
  const std::size_t quotes = triple ? 3 : 1;
  for (std::size_t length = prefix + quotes; position_ + length < source_.size(); ++length) {
    const char c = at(length);
    if (c == '\\' && !raw) {
      ++length;
    } else if (!triple && (c == '\n' || c == '\r')) {
      break;
    } else if (c == quote && (!triple || (at(length + 1) == quote && at(length + 2) == quote))) {
      return take(bytes ? TokenKind::bytes : TokenKind::string, length + quotes);
    }
  }
  return invalid("unterminated string");
}

// A field name that is no identifier, as in labels.`app.kubernetes.io/name`.
Token Lexer::backtick() {
  std::size_t length = 1;
  while (is_letter(at(length)) || is_digit(at(length)) || (at(length) != '\0' && kQuotable.find(at(length)) != kNone))
    ++length;
  if (length == 1 || at(length) != '`') return invalid("token recognition error");
  Token token = take(TokenKind::quoted_identifier, length + 1);
  token.text = token.text.substr(1, length - 1);
  return token;
}

Token Lexer::symbol() {
  if (at(0) == '`') return backtick();
  const std::string_view pair = source_.substr(position_, 2);
  if (std::find(kPairs.begin(), kPairs.end(), pair) != kPairs.end()) return take(TokenKind::symbol, 2);
  if (kSingles.find(at(0)) != kNone && at(0) != '\0') return take(TokenKind::symbol, 1);
  return invalid("token recognition error");
}

}  // namespace posture::cel
