// SPDX-License-Identifier: Apache-2.0
// Tokens to syntax tree: recursive descent, one function per level of the grammar. Macros are expanded on the way.
#pragma once

#include <initializer_list>
#include <vector>

#include "cel/syntax/ast.h"
#include "cel/syntax/lexer.h"
#include "cel/syntax/problem.h"

namespace posture::cel {

/// The tree lives in `arena` and borrows from `source`. nullptr with a problem added if the text is not CEL.
Expr* parse(std::string_view source, Arena& arena, Problems& problems);

class Parser {
 public:
  Parser(std::string_view source, Arena& arena, Problems& problems);
  Expr* parse_source();

  // For macros.
  Expr* make(ExprKind kind, std::uint32_t offset);
  void fail(std::size_t offset, std::string message);

 private:
  Expr* expression();
  Expr* ternary();
  Expr* logical(std::string_view symbol, std::string_view name, Expr* (Parser::*operand)());
  Expr* conjunction();
  Expr* disjunction();
  Expr* relation();
  Expr* binary(std::size_t level);
  Expr* unary();
  Expr* negative_literal(std::uint32_t offset);
  Expr* member();
  Expr* suffixes(Expr* operand);
  Expr* dotted(Expr* operand);
  Expr* indexed(Expr* operand);
  Expr* primary();
  Expr* identifier();
  Expr* list();
  Expr* map();
  Expr* number(bool negative);
  Expr* text_literal();
  Expr* keyword();

  Expr* call(std::string_view name, std::uint32_t offset, std::initializer_list<Expr*> arguments);
  Expr* finish_call(Expr* target, const Token& name);
  std::vector<Expr*> arguments();
  Expr* literal(std::uint32_t offset, Datum value);
  Expr* measured(Expr* expr, std::initializer_list<Expr*> children, bool counted);
  std::span<Expr*> kept(const std::vector<Expr*>& items);
  std::span<bool> kept_flags(const std::vector<char>& flags);

  bool at(std::string_view symbol) const { return token_.kind == TokenKind::symbol && token_.text == symbol; }
  bool accept(std::string_view symbol);
  void expect(std::string_view symbol);
  void advance();
  void unexpected();

  Lexer lexer_;
  Arena& arena_;
  Problems& problems_;
  Token token_;
  std::size_t nodes_ = 0;
  int nesting_ = 0;
  bool failed_ = false;
};

}  // namespace posture::cel
