// SPDX-License-Identifier: Apache-2.0
// Where a text selects fields of its variables' data: every value is followed back to what it was taken from.
#include <algorithm>

#include "cel/check/checker.h"
#include "cel/syntax/parser.h"
#include "cel/value/values.h"

namespace posture::cel {
namespace {

constexpr std::size_t kMaxOrigins = 64;  // of one value; more come from no text a person writes

/// A place in a variable's data, inside lists (kElement) and maps (a key) that the expression itself made around it.
struct Origin {
  FieldPath path;
  std::vector<std::string> wraps = {};  // the outermost last
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
  std::erase_if(lists, [](const Origin& origin) { return !origin.wraps.empty() && origin.wraps.back() != kElement; });
  for (Origin& origin : lists) {
    if (origin.wraps.empty()) {
      origin.path.fields.emplace_back(kElement);
    } else {
      origin.wraps.pop_back();
    }
  }
  return lists;
}

Origins wrapped(Origins values, std::string_view key = kElement) {
  for (Origin& origin : values) origin.wraps.emplace_back(key);
  return values;
}

bool is_text(const Expr* expr) { return expr->kind == ExprKind::literal && is(expr->value, Tag::string); }

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
      case ExprKind::map: return map(expr);
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

  Origins map(const Expr* expr) {
    Origins found;
    for (std::size_t i = 0; i < expr->items.size(); i += 2) {
      const Expr* key = expr->items[i];
      Origins values = trace(expr->items[i + 1]);
      if (is_text(key)) found = joined(std::move(found), wrapped(std::move(values), text_of(key->value)));
      trace(key);
    }
    return found;
  }

  Origins name(const Expr* expr) {
    if (expr->binding == nullptr) return {};
    if (expr->binding->kind == Binding::Kind::variable) return {{{expr->binding->index, {}}, {}}};
    const auto local =
        std::find_if(locals_.rbegin(), locals_.rend(), [&](const Local& l) { return l.name == expr->name; });
    return expr->binding->kind == Binding::Kind::local && local != locals_.rend() ? local->origins : Origins{};
  }

  Origins step(Origins from, std::string_view field, FieldUse use) {
    std::erase_if(from, [&](const Origin& origin) { return !origin.wraps.empty() && origin.wraps.back() != field; });
    for (Origin& origin : from) {
      if (!origin.wraps.empty()) {
        origin.wraps.pop_back();
        continue;
      }
      origin.path.fields.emplace_back(field);
      use.path = origin.path;
      uses_.push_back(use);
    }
    return from;
  }

  Origins select(const Expr* expr) {
    const std::size_t at = source_.find(expr->name, expr->offset);
    return step(trace(expr->target), expr->name,
                {{}, at == std::string_view::npos ? expr->offset : at, expr->optional || expr->presence, false});
  }

  Origins index(const Expr* expr) {
    Origins from = trace(expr->items[0]);
    const Expr* key = expr->items[1];
    if (is_text(key))
      return step(std::move(from), text_of(key->value), {{}, key->offset + 1, expr->name == op::kOptIndex, false});
    trace(key);
    return elements(std::move(from));
  }

  // 'key' in x: nothing of x comes of it.
  Origins membership(const Expr* expr) {
    const Expr* key = expr->items[0];
    Origins from = trace(expr->items[1]);
    if (is_text(key)) step(std::move(from), text_of(key->value), {{}, key->offset + 1, true, true});
    trace(key);
    return {};
  }

  Origins call(const Expr* expr) {
    const std::string_view called = expr->name;
    if (called == op::kIndex || called == op::kOptIndex) return index(expr);
    if (called == op::kIn) return membership(expr);
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
