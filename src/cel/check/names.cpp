// SPDX-License-Identifier: Apache-2.0
// What an expression mentions: variables, functions with constant arguments, field paths.
#include <algorithm>

#include "cel/run/emit.h"

namespace posture::cel {
namespace {

struct Found {
  std::uint32_t offset;
  FieldPath path;
};

class NameCollector {
 public:
  explicit NameCollector(Program::Code& code) : code_(code) {}

  void walk(const Expr* expr) {
    if (chain(expr, nullptr)) return;
    const Binding* binding = expr->binding;
    if (expr->kind == ExprKind::call && binding != nullptr && binding->kind == Binding::Kind::host_function)
      host_call(expr);
    if (membership(expr)) return;
    const bool part_of_name = binding != nullptr && (expr->kind == ExprKind::select || binding->qualified);
    if (expr->target != nullptr && !part_of_name) walk(expr->target);
    if (expr->condition != nullptr) walk(expr->condition);
    if (expr->body != nullptr) walk(expr->body);
    if (expr->kind == ExprKind::macro) return;
    for (const Expr* item : expr->items) walk(item);
  }

  void finish() {
    for (std::vector<std::size_t>* list : {&code_.variables, &code_.functions}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) { return a.offset < b.offset; });
    for (Found& found : found_) {
      auto& paths = code_.field_paths;
      if (std::find(paths.begin(), paths.end(), found.path) == paths.end()) paths.push_back(std::move(found.path));
    }
  }

 private:
  // Records `expr` if it is a chain of constant selects on a declared variable, with `last` as one field more.
  bool chain(const Expr* expr, const Expr* last) {
    FieldPath path;
    if (last != nullptr) path.fields.emplace_back(text_of(last->value));
    for (;;) {
      if (expr->binding != nullptr && expr->binding->kind == Binding::Kind::variable && expr->kind != ExprKind::call)
        break;
      if (expr->kind == ExprKind::select && expr->binding == nullptr) {
        path.fields.emplace_back(expr->name);
        expr = expr->target;
      } else if (is_constant_index(expr)) {
        path.fields.emplace_back(text_of(expr->items[1]->value));
        expr = expr->items[0];
      } else {
        return false;
      }
    }
    path.variable = expr->binding->index;
    std::reverse(path.fields.begin(), path.fields.end());
    code_.variables.push_back(path.variable);
    found_.push_back({expr->offset, std::move(path)});
    return true;
  }

  static bool is_string(const Expr* expr) { return expr->kind == ExprKind::literal && is(expr->value, Tag::string); }

  static bool is_constant_index(const Expr* expr) {
    return expr->kind == ExprKind::call && (expr->name == op::kIndex || expr->name == op::kOptIndex) &&
           is_string(expr->items[1]);
  }

  // 'key' in chain, where the chain may be a map.
  bool membership(const Expr* expr) {
    if (expr->kind != ExprKind::call || expr->name != op::kIn || !is_string(expr->items[0])) return false;
    const StaticType* type = expr->items[1]->type;
    return is_kind(type, TypeKind::map) && chain(expr->items[1], expr->items[0]);
  }

  void host_call(const Expr* expr) {
    code_.functions.push_back(expr->binding->index);
    if (expr->items.empty() || !is_string(expr->items[0])) return;
    std::pair<std::size_t, std::string> argument(expr->binding->index, text_of(expr->items[0]->value));
    auto& list = code_.constant_arguments;
    if (std::find(list.begin(), list.end(), argument) == list.end()) list.push_back(std::move(argument));
  }

  Program::Code& code_;
  std::vector<Found> found_;
};

}  // namespace

void collect_names(const Expr* root, Program::Code& code) {
  NameCollector collector(code);
  collector.walk(root);
  collector.finish();
}

}  // namespace posture::cel
