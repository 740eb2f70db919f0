// SPDX-License-Identifier: Apache-2.0
#include "cel/syntax/parser.h"

#include <algorithm>
#include <array>

#include "cel/limits.h"
#include "cel/syntax/macros.h"
#include "cel/value/text.h"

namespace posture::cel {
namespace {

struct Operator {
  std::string_view symbol;
  std::string_view name;
  std::uint8_t level;
};

constexpr std::uint8_t kLevels = 3;  // relations, sums, products: all bind to the left
constexpr std::array<Operator, 12> kOperators = {{
    {"<", "_<_", 0},
    {"<=", "_<=_", 0},
    {">", "_>_", 0},
    {">=", "_>=_", 0},
    {"==", "_==_", 0},
    {"!=", "_!=_", 0},
    {"in", "@in", 0},
    {"+", "_+_", 1},
    {"-", "_-_", 1},
    {"*", "_*_", 2},
    {"/", "_/_", 2},
    {"%", "_%_", 2},
}};

constexpr std::array<std::string_view, 17> kReserved = {"as",        "break",  "const",  "continue", "else", "for",
                                                        "function",  "if",     "import", "let",      "loop", "package",
                                                        "namespace", "return", "var",    "void",     "while"};

const Operator* find_operator(const Token& token, std::size_t level) {
  if (token.kind != TokenKind::symbol && token.kind != TokenKind::keyword) return nullptr;
  const auto matches = [&](const Operator& row) { return row.level == level && row.symbol == token.text; };
  const auto found = std::find_if(kOperators.begin(), kOperators.end(), matches);
  return found == kOperators.end() ? nullptr : &*found;
}

}  // namespace

Expr* parse(std::string_view source, Arena& arena, Problems& problems) {
  if (!is_utf8(source)) {
    problems.add(0, "expression is not valid UTF-8");
    return nullptr;
  }
  if (const std::size_t size = count_code_points(source); size > kMaxSourceCodePoints) {
    problems.add(0, "expression code point size exceeds limit: size: " + std::to_string(size) + ", limit " +
                        std::to_string(kMaxSourceCodePoints));
    return nullptr;
  }
  return Parser(source, arena, problems).parse_source();
}

Parser::Parser(std::string_view source, Arena& arena, Problems& problems)
    : lexer_(source),
      arena_(arena),
      problems_(problems) {
  advance();
}

Expr* Parser::parse_source() {
  Expr* root = expression();
  if (!failed_ && token_.kind != TokenKind::end) unexpected();
  return failed_ ? nullptr : root;
}

// After the first error the rest of the text reads as its end, so every loop stops.
void Parser::fail(std::size_t offset, std::string message) {
  if (!failed_) problems_.add(offset, std::move(message));
  failed_ = true;
  token_.kind = TokenKind::end;
}

void Parser::advance() {
  if (failed_) return;
  token_ = lexer_.next();
  if (token_.kind == TokenKind::invalid) fail(token_.offset, "Syntax error: " + std::string(token_.text));
}

void Parser::unexpected() {
  const std::string found = token_.kind == TokenKind::end ? "<EOF>" : std::string(token_.text);
  fail(token_.offset, "Syntax error: unexpected '" + found + "'");
}

bool Parser::accept(std::string_view symbol) {
  if (!at(symbol)) return false;
  advance();
  return true;
}

void Parser::expect(std::string_view symbol) {
  if (failed_ || accept(symbol)) return;
  const std::string found = token_.kind == TokenKind::end ? "<EOF>" : std::string(token_.text);
  fail(token_.offset, "Syntax error: mismatched input '" + found + "' expecting '" + std::string(symbol) + "'");
}

Expr* Parser::make(ExprKind kind, std::uint32_t offset) {
  if (++nodes_ > kMaxNodes) fail(offset, "expression has more than " + std::to_string(kMaxNodes) + " parts");
  Expr* expr = arena_.make_array<Expr>(1);
  expr->kind = kind;
  expr->offset = offset;
  return expr;
}

// Height bounds every later recursion over the tree; `counted` nodes are those cel-go counts.
Expr* Parser::measured(Expr* expr, std::initializer_list<Expr*> children, bool counted) {
  std::uint16_t height = 0;
  for (const Expr* child : children) height = std::max(height, child->height);
  for (const Expr* child : expr->items) height = std::max(height, child->height);
  expr->height = static_cast<std::uint16_t>(height + (counted ? 1 : 0));
  if (expr->height > kMaxHeight) fail(expr->offset, "max recursion depth exceeded");
  return expr;
}

Expr* Parser::literal(std::uint32_t offset, Datum value) {
  Expr* expr = make(ExprKind::literal, offset);
  expr->value = value;
  return expr;
}

Expr* Parser::call(std::string_view name, std::uint32_t offset, std::initializer_list<Expr*> arguments) {
  Expr* expr = make(ExprKind::call, offset);
  expr->name = name;
  expr->items = kept(arguments);
  return measured(expr, {}, true);
}

std::span<Expr*> Parser::kept(const std::vector<Expr*>& items) {
  return {arena_.copy(std::span<Expr* const>(items)), items.size()};
}

std::span<bool> Parser::kept_flags(const std::vector<char>& flags) {
  if (std::find(flags.begin(), flags.end(), 1) == flags.end()) return {};
  bool* copy = arena_.make_array<bool>(flags.size());
  std::copy(flags.begin(), flags.end(), copy);
  return {copy, flags.size()};
}

Expr* Parser::expression() {
  if (nesting_ >= kMaxNesting) {
    fail(token_.offset, "expression recursion limit exceeded: " + std::to_string(kMaxNesting));
    return literal(token_.offset, Datum::null());
  }
  ++nesting_;
  Expr* expr = ternary();
  --nesting_;
  return expr;
}

Expr* Parser::ternary() {
  Expr* condition = disjunction();
  if (!at("?")) return condition;
  const std::uint32_t offset = token_.offset;
  advance();
  Expr* yes = disjunction();
  expect(":");
  return call(op::kTernary, offset, {condition, yes, expression()});
}

Expr* Parser::logical(std::string_view symbol, std::string_view name, Expr* (Parser::*operand)()) {
  Expr* first = (this->*operand)();
  if (!at(symbol)) return first;
  Expr* chain = make(ExprKind::call, token_.offset);
  std::vector<Expr*> terms = {first};
  while (accept(symbol)) terms.push_back((this->*operand)());
  chain->name = name;
  chain->items = kept(terms);
  return measured(chain, {}, false);
}

Expr* Parser::disjunction() { return logical("||", op::kOr, &Parser::conjunction); }

Expr* Parser::conjunction() { return logical("&&", op::kAnd, &Parser::relation); }

Expr* Parser::relation() { return binary(0); }

Expr* Parser::binary(std::size_t level) {
  if (level == kLevels) return unary();
  Expr* left = binary(level + 1);
  while (const Operator* row = find_operator(token_, level)) {
    const std::uint32_t offset = token_.offset;
    advance();
    left = call(row->name, offset, {left, binary(level + 1)});
  }
  return left;
}

Expr* Parser::unary() {
  const bool minus = at("-");
  if (!minus && !at("!")) return member();
  const std::uint32_t offset = token_.offset;
  const std::string_view symbol = minus ? "-" : "!";
  std::size_t count = 0;
  while (accept(symbol)) ++count;
  const bool number_follows = token_.kind == TokenKind::integer || token_.kind == TokenKind::real;
  if (minus && count == 1 && number_follows) return suffixes(negative_literal(offset));
  Expr* operand = member();
  if (count % 2 == 0) return operand;
  Expr* expr = make(ExprKind::call, offset);
  expr->name = minus ? op::kNegate : op::kNot;
  expr->items = kept({operand});
  return measured(expr, {}, false);
}

Expr* Parser::negative_literal(std::uint32_t offset) {
  Expr* expr = number(true);
  expr->offset = offset;
  return expr;
}

Expr* Parser::member() { return suffixes(primary()); }

Expr* Parser::suffixes(Expr* operand) {
  for (;;) {
    if (at(".")) {
      operand = dotted(operand);
    } else if (at("[")) {
      operand = indexed(operand);
    } else {
      if (at("{")) fail(token_.offset, "message literals are not supported");
      return operand;
    }
  }
}

Expr* Parser::dotted(Expr* operand) {
  const std::uint32_t offset = token_.offset;
  advance();
  const bool optional = accept("?");
  if (token_.kind != TokenKind::identifier && token_.kind != TokenKind::quoted_identifier) {
    unexpected();
    return operand;
  }
  const Token name = token_;
  advance();
  if (!optional && name.kind == TokenKind::identifier && at("(")) return finish_call(operand, name);
  Expr* select = make(ExprKind::select, offset);
  select->name = name.text;
  select->optional = optional;
  select->target = operand;
  return measured(select, {operand}, true);
}

Expr* Parser::indexed(Expr* operand) {
  const std::uint32_t offset = token_.offset;
  advance();
  const bool optional = accept("?");
  Expr* key = expression();
  expect("]");
  return call(optional ? op::kOptIndex : op::kIndex, offset, {operand, key});
}

std::vector<Expr*> Parser::arguments() {
  std::vector<Expr*> items;
  expect("(");
  if (!at(")")) {
    do { items.push_back(expression()); } while (accept(","));
  }
  expect(")");
  return items;
}

Expr* Parser::finish_call(Expr* target, const Token& name) {
  Expr* expr = make(ExprKind::call, token_.offset);
  expr->name = name.text;
  expr->target = target;
  expr->member = target != nullptr;
  expr->items = kept(arguments());
  if (failed_) return expr;
  measured(expr, target != nullptr ? std::initializer_list<Expr*>{target} : std::initializer_list<Expr*>{},
           target != nullptr);
  return expand_macro(*this, expr);
}

Expr* Parser::primary() {
  switch (token_.kind) {
    case TokenKind::identifier: return identifier();
    case TokenKind::keyword: return keyword();
    case TokenKind::integer:
    case TokenKind::uinteger:
    case TokenKind::real: return number(false);
    case TokenKind::string:
    case TokenKind::bytes: return text_literal();
    default: break;
  }
  if (at(".")) return identifier();
  if (at("[")) return list();
  if (at("{")) return map();
  if (accept("(")) {
    Expr* inner = expression();
    expect(")");
    return inner;
  }
  unexpected();
  return literal(token_.offset, Datum::null());
}

Expr* Parser::identifier() {
  const std::uint32_t offset = token_.offset;
  const bool rooted = accept(".");
  Token name = token_;
  if (name.kind != TokenKind::identifier) {
    unexpected();
    return literal(offset, Datum::null());
  }
  if (std::find(kReserved.begin(), kReserved.end(), name.text) != kReserved.end()) {
    fail(name.offset, "reserved identifier: " + std::string(name.text));
  }
  advance();
  if (rooted) name.text = arena_.keep(std::string(".").append(name.text));
  if (at("(")) return finish_call(nullptr, name);
  Expr* expr = make(ExprKind::identifier, name.offset);
  expr->name = name.text;
  return expr;
}

Expr* Parser::keyword() {
  const Token token = token_;
  if (token.text == "in") {
    unexpected();
  } else {
    advance();
  }
  if (token.text == "null") return literal(token.offset, Datum::null());
  return literal(token.offset, Datum::boolean(token.text == "true"));
}

Expr* Parser::list() {
  Expr* expr = make(ExprKind::list, token_.offset);
  std::vector<Expr*> elements;
  std::vector<char> optionals;
  advance();
  while (!failed_ && !at("]")) {
    if (elements.empty() && accept(",")) break;
    optionals.push_back(accept("?") ? 1 : 0);
    elements.push_back(expression());
    if (!accept(",")) break;
  }
  expect("]");
  expr->items = kept(elements);
  expr->optionals = kept_flags(optionals);
  return measured(expr, {}, false);
}

Expr* Parser::map() {
  Expr* expr = make(ExprKind::map, token_.offset);
  std::vector<Expr*> entries;
  std::vector<char> optionals;
  advance();
  while (!failed_ && !at("}")) {
    if (entries.empty() && accept(",")) break;
    optionals.push_back(accept("?") ? 1 : 0);
    entries.push_back(expression());
    expect(":");
    entries.push_back(expression());
    if (!accept(",")) break;
  }
  expect("}");
  expr->items = kept(entries);
  expr->optionals = kept_flags(optionals);
  return measured(expr, {}, false);
}

Expr* Parser::number(bool negative) {
  const Token token = token_;
  advance();
  std::int64_t integer = 0;
  std::uint64_t uinteger = 0;
  double real = 0;
  if (token.kind == TokenKind::integer) {
    if (!parse_integer(token.text, negative, integer)) fail(token.offset, "invalid int literal");
    return literal(token.offset, Datum::integer(integer));
  }
  if (token.kind == TokenKind::uinteger) {
    if (!parse_uinteger(token.text, uinteger)) fail(token.offset, "invalid uint literal");
    return literal(token.offset, Datum::uinteger(uinteger));
  }
  if (!parse_real(token.text, real)) fail(token.offset, "invalid double literal");
  return literal(token.offset, Datum::real(negative ? -real : real));
}

Expr* Parser::text_literal() {
  const Token token = token_;
  advance();
  std::string text;
  if (!unquote(token, text)) fail(token.offset, "unable to unescape string");
  const Tag tag = token.kind == TokenKind::bytes ? Tag::bytes : Tag::string;
  return literal(token.offset, make_tagged(tag, arena_.keep(text)));
}

}  // namespace posture::cel
