// SPDX-License-Identifier: Apache-2.0
// Source text to tokens, one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace posture::cel {

enum class TokenKind : std::uint8_t {
  end,
  symbol,
  identifier,
  quoted_identifier,
  keyword,
  integer,
  uinteger,
  real,
  string,
  bytes,
  invalid
};

/// `text` is the spelling (symbols and keywords compare by it); of a quoted identifier what is between the backticks; of an
/// invalid token what is wrong with it.
struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t offset = 0;
  std::string_view text;
};

/// Precondition: `source` is valid UTF-8 below 4 GiB. After `end` it keeps answering `end`.
class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}
  Token next();

 private:
  char at(std::size_t ahead) const { return position_ + ahead < source_.size() ? source_[position_ + ahead] : '\0'; }
  void skip_blanks();
  Token take(TokenKind kind, std::size_t length);
  Token invalid(std::string_view message);
  Token number();
  Token word();
  Token quoted(std::size_t prefix);
  Token symbol();
  Token backtick();
  std::size_t string_prefix() const;

  std::string_view source_;
  std::size_t position_ = 0;
};

/// The value of a string or bytes token: quotes off, escapes resolved, line ends as \n. False if an escape is wrong.
bool unquote(const Token& token, std::string& out);

/// Values of number tokens; false when out of range. `negative` stands for a sign before the token.
bool parse_integer(std::string_view text, bool negative, std::int64_t& out);
bool parse_uinteger(std::string_view text, std::uint64_t& out);
bool parse_real(std::string_view text, double& out);

}  // namespace posture::cel
