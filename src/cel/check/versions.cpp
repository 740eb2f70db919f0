// SPDX-License-Identifier: Apache-2.0
// From the `since` of every row of the libraries, and what macros need, to versions of whole expressions.
#include <algorithm>

#include "cel/check/checker.h"
#include "cel/syntax/parser.h"
#include "posture/cel_versions.h"

namespace posture::cel {
namespace {

constexpr unsigned kTwoVariables = 33;
constexpr unsigned kSortBy = 35;

unsigned call_minor(const Expr* expr) {
  if (expr->binding == nullptr || expr->binding->candidates.empty()) return 0;
  unsigned oldest = 255;
  for (const Candidate& candidate : expr->binding->candidates) {
    oldest = std::min<unsigned>(oldest, candidate.overload != nullptr ? candidate.overload->since : 0);
  }
  return oldest;
}

unsigned macro_minor(const Expr* expr) {
  if (!expr->variables[1].empty()) return kTwoVariables;
  return expr->macro == Macro::sort_by ? kSortBy : 0;
}

unsigned minor_of(const Expr* expr) {
  if (expr == nullptr) return 0;
  unsigned minor = expr->kind == ExprKind::macro ? macro_minor(expr) : call_minor(expr);
  for (const Expr* part : {expr->target, expr->condition, expr->body}) minor = std::max(minor, minor_of(part));
  for (const Expr* item : expr->items) minor = std::max(minor, minor_of(item));
  return minor;
}

}  // namespace

std::vector<FunctionVersion> function_versions() {
  std::vector<FunctionVersion> versions;
  for (const std::span<const Overload> table : libraries()) {
    for (const Overload& row : table) {
      const bool function = row.name.find_first_of("_@!") == std::string_view::npos;
      if (function) versions.push_back({row.name, row.signature, row.since});
    }
  }
  return versions;
}

unsigned first_minor(const Environment& environment, std::string_view source) {
  Arena arena;
  Problems problems(source);
  Expr* root = parse(source, arena, problems);
  if (root == nullptr) return 0;
  Checker checker(environment, arena, problems);
  checker.check_root(root, Type{});
  return problems.empty() ? std::max(kOldestMinor, minor_of(root)) : 0;
}

}  // namespace posture::cel
