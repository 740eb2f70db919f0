// SPDX-License-Identifier: Apache-2.0
// Where a text selects fields of its variables' data: every value is followed back to what it was taken from.
#include <algorithm>

#include "cel/checker.h"
#include "cel/parser.h"
#include "cel/values.h"

namespace posture::cel {
namespace {

constexpr std::size_t kMaxOrigins = 64;  // of one value; more come from no text a person writes

/// A place in a variable's data, inside `wraps` lists that the expression itself made around it.
struct Origin {
  FieldPath path;
  std::size_t wraps = 0;
  friend bool operator==(const Origin&, const Origin&) = default;
};
using Origins = std::vector<Origin>;

Origins joined(Origins some, const Origins& more) {
  for (const Origin& origin : more) {
    if (some.size() < kMaxOrigins && std::find(some.begin(), some.end(), origin) == some.end()) some.push_back(origin);
  }
  return some;
}

Origins elements(Origins lists) {
  for (Origin& origin : lists) {
    if (origin.wraps > 0) {
      --origin.wraps;
    } else {
      origin.path.fields.emplace_back(kElement);
    }
  }
  return lists;
}

Origins wrapped(Origins values) {
  for (Origin& origin : values) ++origin.wraps;
  return values;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Tracer {
 public:
  explicit Tracer(std::string_view source) : source_(source) {}

  Origins trace(const Expr* expr) {
    switch (expr->kind) {
      case ExprKind::literal: return {};
      case ExprKind::identifier: return name(expr);
      case ExprKind::select: return expr->binding != nullptr ? name(expr) : select(expr);
      case ExprKind::call: return call(expr);
      case ExprKind::list: return wrapped(all(expr->items));
      case ExprKind::map: all(expr->items); return {};
      case ExprKind::macro: return macro(expr);
    }
    return {};
  }

  std::vector<FieldUse> take() {
    const auto earlier = [](const FieldUse& a, const FieldUse& b) { return a.offset < b.offset; };
    std::stable_sort(uses_.begin(), uses_.end(), earlier);
    return std::move(uses_);
  }

 private:
  struct Local {
    std::string_view name;
    Origins origins;
  };

  Origins all(std::span<Expr* const> items) {
    Origins found;
    for (const Expr* item : items) found = joined(std::move(found), trace(item));
    return found;
  }

  Origins name(const Expr* expr) {
    if (expr->binding == nullptr) return {};
    if (expr->binding->kind == Binding::Kind::variable) return {{{expr->binding->index, {}}, 0}};
    const auto local =
        std::find_if(locals_.rbegin(), locals_.rend(), [&](const Local& l) { return l.name == expr->name; });
    return expr->binding->kind == Binding::Kind::local && local != locals_.rend() ? local->origins : Origins{};
  }

  Origins step(Origins from, std::string_view field, std::size_t offset, bool optional) {
    std::erase_if(from, [](const Origin& origin) { return origin.wraps > 0; });
    for (Origin& origin : from) {
      origin.path.fields.emplace_back(field);
      uses_.push_back({origin.path, offset, optional});
    }
    return from;
  }

  Origins select(const Expr* expr) {
    const std::size_t at = source_.find(expr->name, expr->offset);
    return step(trace(expr->target), expr->name, at == std::string_view::npos ? expr->offset : at,
                expr->optional || expr->presence);
  }

  Origins index(const Expr* expr) {
    Origins from = trace(expr->items[0]);
    const Expr* key = expr->items[1];
    if (key->kind == ExprKind::literal && is(key->value, Tag::string)) {
      return step(std::move(from), text_of(key->value), key->offset + 1, expr->name == op::kOptIndex);
    }
    trace(key);
    return elements(std::move(from));
  }

  Origins call(const Expr* expr) {
    const std::string_view called = expr->name;
    if (called == op::kIndex || called == op::kOptIndex) return index(expr);
    const bool qualified = expr->binding != nullptr && expr->binding->qualified;
    Origins from = expr->member && !qualified ? trace(expr->target) : Origins{};
    if (called == op::kTernary) {
      trace(expr->items[0]);
      return all(expr->items.subspan(1));
    }
    Origins arguments = all(expr->items);
    if (is_one_of(called, {op::kAdd, "dyn"}) || qualified) return arguments;  // optional.of(x) is x
    if (is_one_of(called, {"orValue", "or"})) return joined(from, arguments);
    if (is_one_of(called, {"value", "sort", "reverse", "slice", "distinct"})) return from;
    return is_one_of(called, {"first", "last"}) ? elements(from) : Origins{};
  }

  Origins macro(const Expr* expr) {
    Origins range = trace(expr->target);
    const bool is_optional = expr->macro == Macro::opt_map || expr->macro == Macro::opt_flat_map;
    const bool two = !expr->variables[1].empty();
    const std::size_t outer = locals_.size();
    locals_.push_back({expr->variables[0], two ? Origins{} : is_optional ? range : elements(range)});
    if (two) locals_.push_back({expr->variables[1], elements(range)});
    if (expr->condition != nullptr) trace(expr->condition);
    Origins body = trace(expr->body);
    locals_.resize(outer);
    switch (expr->macro) {
      case Macro::filter:
      case Macro::sort_by: return range;
      case Macro::map:
      case Macro::transform_list: return wrapped(body);
      case Macro::opt_map:
      case Macro::opt_flat_map: return body;
      default: return {};
    }
  }

  std::string_view source_;
  std::vector<Local> locals_;
  std::vector<FieldUse> uses_;
};

}  // namespace

std::vector<FieldUse> field_uses(const Environment& environment, std::string_view source) {
  Arena arena;
  Problems problems(source);
  Expr* root = parse(source, arena, problems);
  if (root == nullptr) return {};
  Checker checker(environment, arena, problems);
  checker.check_root(root, Type{});
  if (!problems.empty()) return {};
  Tracer tracer(source);
  tracer.trace(root);
  return tracer.take();
}

}  // namespace posture::cel
