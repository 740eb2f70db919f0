// SPDX-License-Identifier: Apache-2.0
#include "cel/syntax/macros.h"

#include <algorithm>
#include <array>

namespace posture::cel {
namespace {

/// One form of a macro: its arguments are `variables` names, then a condition if `filtered`, then the body.
struct Form {
  std::string_view name;
  Macro macro;
  std::uint8_t variables;
  bool filtered;
  std::size_t arguments() const { return variables + (filtered ? 2u : 1u); }
};

constexpr std::array<Form, 19> kForms = {{
    {"all", Macro::all, 1, false},
    {"all", Macro::all, 2, false},
    {"exists", Macro::exists, 1, false},
    {"exists", Macro::exists, 2, false},
    {"exists_one", Macro::exists_one, 1, false},
    {"exists_one", Macro::exists_one, 2, false},
    {"existsOne", Macro::exists_one, 2, false},
    {"map", Macro::map, 1, false},
    {"map", Macro::map, 1, true},
    {"filter", Macro::filter, 1, false},
    {"transformList", Macro::transform_list, 2, false},
    {"transformList", Macro::transform_list, 2, true},
    {"transformMap", Macro::transform_map, 2, false},
    {"transformMap", Macro::transform_map, 2, true},
    {"transformMapEntry", Macro::transform_map_entry, 2, false},
    {"transformMapEntry", Macro::transform_map_entry, 2, true},
    {"sortBy", Macro::sort_by, 1, false},
    {"optMap", Macro::opt_map, 1, false},
    {"optFlatMap", Macro::opt_flat_map, 1, false},
}};

Expr* expand_has(Parser& parser, Expr* call) {
  Expr* field = call->items[0];
  if (field->kind != ExprKind::select || field->optional || field->presence) {
    parser.fail(field->offset, "invalid argument to has() macro");
    return call;
  }
  field->presence = true;
  return field;
}

bool take_variable(Parser& parser, const Expr* argument, std::string_view& name) {
  if (argument->kind != ExprKind::identifier || argument->name.starts_with('.')) {
    parser.fail(argument->offset, "argument must be a simple name");
    return false;
  }
  if (argument->name == "__result__") {
    parser.fail(argument->offset, "iteration variable overwrites accumulator variable");
    return false;
  }
  name = argument->name;
  return true;
}

Expr* expand_form(Parser& parser, const Form& form, Expr* call) {
  const ExprKind target = call->target->kind;
  if (form.macro == Macro::sort_by && (target == ExprKind::literal || target == ExprKind::map)) {
    parser.fail(call->target->offset,
                "sortBy can only be applied to a list, identifier, comprehension, call or select expression");
    return call;
  }
  for (std::size_t i = 0; i < form.variables; ++i) {
    if (!take_variable(parser, call->items[i], call->variables[i])) return call;
  }
  if (call->variables[0] == call->variables[1]) {
    parser.fail(call->items[1]->offset, "duplicate variable name: " + std::string(call->variables[0]));
    return call;
  }
  call->kind = ExprKind::macro;
  call->macro = form.macro;
  if (form.filtered) call->condition = call->items[form.variables];
  call->body = call->items.back();
  return call;
}

}  // namespace

Expr* expand_macro(Parser& parser, Expr* call) {
  if (!call->member) return call->name == "has" && call->items.size() == 1 ? expand_has(parser, call) : call;
  const auto matches = [&](const Form& form) {
    return form.name == call->name && form.arguments() == call->items.size();
  };
  const auto form = std::find_if(kForms.begin(), kForms.end(), matches);
  return form == kForms.end() ? call : expand_form(parser, *form, call);
}

}  // namespace posture::cel
