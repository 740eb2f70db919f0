// SPDX-License-Identifier: Apache-2.0
#include "cel/check/checker.h"

#include <algorithm>
#include <array>

namespace posture::cel {
namespace {

struct TypeName {
  std::string_view name;
  TypeKind kind;
};

// The names that an expression may use; Kubernetes registers no others of its own.
constexpr std::array<TypeName, 15> kTypeNames = {{
    {"bool", TypeKind::boolean},
    {"bytes", TypeKind::bytes},
    {"double", TypeKind::real},
    {"int", TypeKind::integer},
    {"list", TypeKind::list},
    {"map", TypeKind::map},
    {"null_type", TypeKind::null},
    {"string", TypeKind::string},
    {"type", TypeKind::type},
    {"uint", TypeKind::uinteger},
    {"google.protobuf.Timestamp", TypeKind::timestamp},
    {"google.protobuf.Duration", TypeKind::duration},
    {"optional_type", TypeKind::optional},
    {"net.IP", TypeKind::ip},
    {"net.CIDR", TypeKind::cidr},
}};

TypeKind literal_kind(const Datum& value) { return value.kind(); }

}  // namespace

std::optional<TypeKind> type_named(std::string_view name) {
  const auto row =
      std::find_if(kTypeNames.begin(), kTypeNames.end(), [&](const TypeName& each) { return each.name == name; });
  return row == kTypeNames.end() ? std::nullopt : std::optional(row->kind);
}

std::string qualified_name(const Expr* expr) {
  std::vector<std::string_view> fields;
  for (; expr->kind == ExprKind::select && !expr->optional && !expr->presence; expr = expr->target)
    fields.push_back(expr->name);
  if (expr->kind != ExprKind::identifier) return {};
  std::string name(expr->name);
  std::reverse(fields.begin(), fields.end());
  for (const auto& field : fields) name.append(".").append(field);
  return name;
}

Checker::Checker(const Environment& environment, Arena& arena, Problems& problems)
    : environment_(environment),
      arena_(arena),
      problems_(problems),
      pool_(arena),
      unifier_(pool_) {}

void Checker::check_root(Expr* root, const Type& expected) {
  check(root);
  if (problems_.empty()) finish(root);
  if (unifier_.exhausted() || pool_.too_large())
    problems_.add(root->offset, "the types of the expression are too large");
  if (!problems_.empty()) return;
  if (expected.kind == TypeKind::dyn || same(root->type, pool_.from(expected))) return;
  problems_.add(root->offset, "must evaluate to " + to_string(expected) + " but found " + to_string(root->type));
}

void Checker::check(Expr* expr) {
  switch (expr->kind) {
    case ExprKind::literal: return check_literal(expr);
    case ExprKind::identifier: return check_identifier(expr);
    case ExprKind::select: return check_select(expr);
    case ExprKind::call: return check_call(expr);
    case ExprKind::list: return check_list(expr);
    case ExprKind::map: return check_map(expr);
    case ExprKind::macro: return check_macro(expr);
  }
}

void Checker::finish(Expr* expr) {
  if (expr->type != nullptr) expr->type = unifier_.resolve(expr->type, true);
  const bool part_of_name = expr->binding != nullptr && (expr->kind == ExprKind::select || expr->binding->qualified);
  if (expr->target != nullptr && !part_of_name) finish(expr->target);
  for (Expr* item : expr->items) {
    if (expr->kind != ExprKind::macro) finish(item);
  }
  if (expr->condition != nullptr) finish(expr->condition);
  if (expr->body != nullptr) finish(expr->body);
}

void Checker::check_literal(Expr* expr) { expr->type = simple(literal_kind(expr->value)); }

Binding* Checker::bind(Expr* expr, Binding::Kind kind, std::size_t index) {
  Binding* binding = arena_.make_array<Binding>(1);
  binding->kind = kind;
  binding->index = static_cast<std::uint32_t>(index);
  expr->binding = binding;
  return binding;
}

const Checker::Local* Checker::find_local(std::string_view name) const {
  const auto found =
      std::find_if(locals_.rbegin(), locals_.rend(), [&](const Local& local) { return local.name == name; });
  return found == locals_.rend() ? nullptr : &*found;
}

// A variable of the environment or a type, by its full name.
bool Checker::bind_name(Expr* expr, std::string_view name) {
  if (name.starts_with('.')) name.remove_prefix(1);
  const auto& variables = environment_.variables;
  const auto variable =
      std::find_if(variables.begin(), variables.end(), [&](const auto& row) { return row.name == name; });
  if (variable != variables.end()) {
    const auto index = static_cast<std::size_t>(variable - variables.begin());
    bind(expr, Binding::Kind::variable, index)->is_field = variable->is_field;
    expr->type = pool_.from(variable->type);
    return true;
  }
  const std::optional<TypeKind> kind = type_named(name);
  if (!kind) return false;
  bind(expr, Binding::Kind::type)->type = *kind;
  expr->type = pool_.make(TypeKind::type, pool_.from({*kind, {}}));
  return true;
}

// Is `name` the beginning of a declared qualified name?
bool Checker::is_qualifier(std::string_view name) const {
  const auto begins = [&](const auto& row) {
    return row.name.size() > name.size() && row.name.starts_with(name) && row.name[name.size()] == '.';
  };
  return std::any_of(environment_.variables.begin(), environment_.variables.end(), begins);
}

void Checker::check_identifier(Expr* expr) {
  if (const Local* local = find_local(expr->name)) {
    bind(expr, Binding::Kind::local, local->slot);
    expr->type = local->type;
    return;
  }
  if (bind_name(expr, expr->name)) return;
  problems_.add(expr->offset, "undeclared reference to '" + std::string(expr->name) + "' (in container '')");
  expr->type = simple(TypeKind::error);
}

void Checker::check_select(Expr* expr) {
  const std::string name = qualified_name(expr);
  const std::string_view root = std::string_view(name).substr(0, name.find('.', 1));
  const bool global = !name.empty() && find_local(root) == nullptr;
  if (global && bind_name(expr, name)) return;
  const std::string operand = qualified_name(expr->target);
  if (!operand.empty() && find_local(operand.substr(0, operand.find('.', 1))) == nullptr && is_qualifier(operand) &&
      !bind_name(expr->target, operand)) {
    problems_.add(expr->offset, "undefined field '" + std::string(expr->name) + "'");
    expr->type = simple(TypeKind::error);
    return;
  }
  const StaticType* type = field_type(expr);
  expr->type = expr->presence ? simple(TypeKind::boolean) : unifier_.resolve(type);
}

const StaticType* Checker::field_type(Expr* expr) {
  check(expr->target);
  const StaticType* operand = unifier_.resolve(expr->target->type);
  const bool optional = is_kind(operand, TypeKind::optional);
  if (optional) operand = operand->parameters[0];
  const StaticType* result = simple(TypeKind::dyn);
  if (is_kind(operand, TypeKind::map)) {
    result = operand->parameters[1];
  } else if (operand->variable) {
    unifier_.assignable(simple(TypeKind::dyn), operand);
  } else if (!is_dyn(operand) && operand->kind != TypeKind::error) {
    problems_.add(expr->offset, "type '" + to_string(operand) + "' does not support field selection");
  }
  return optional || expr->optional ? pool_.make(TypeKind::optional, result) : result;
}

void Checker::check_call(Expr* expr) {
  if (!expr->member && (expr->name == op::kAnd || expr->name == op::kOr)) return check_logic(expr);
  for (Expr* item : expr->items) check(item);
  if (!expr->member) {
    if (resolve_function(expr, expr->name, false)) return;
  } else {
    const std::string qualifier = qualified_name(expr->target);
    if (!qualifier.empty()) {
      const std::string name = qualifier + "." + std::string(expr->name);
      if (resolve_function(expr, arena_.keep(name), false)) return;
    }
    check(expr->target);
    if (resolve_function(expr, expr->name, true)) return;
  }
  problems_.add(expr->offset, "undeclared reference to '" + std::string(expr->name) + "' (in container '')");
  expr->type = simple(TypeKind::error);
}

void Checker::check_logic(Expr* expr) {
  for (Expr* item : expr->items) {
    check(item);
    if (!unifier_.assignable(item->type, simple(TypeKind::boolean)))
      mismatch(item, simple(TypeKind::boolean), item->type);
  }
  expr->type = simple(TypeKind::boolean);
}

std::vector<Candidate> Checker::candidates(std::string_view name, bool member, bool& known) {
  std::vector<Candidate> found;
  for (const std::span<const Overload> table : libraries()) {
    for (const Overload& row : table) {
      if (row.name != name) continue;
      known = true;
      Candidate candidate{&row, parse_signature(row.signature, pool_, arena_)};
      if (candidate.signature.member == member) found.push_back(candidate);
    }
  }
  return found;
}

std::vector<const StaticType*> Checker::argument_types(const Expr* expr, bool member) const {
  std::vector<const StaticType*> types;
  if (member) types.push_back(expr->target->type);
  for (const Expr* item : expr->items) types.push_back(item->type);
  return types;
}

// Keeps the overloads that take `arguments`; `result` is their common type or dyn, null if none fits.
std::vector<Candidate> Checker::fitting(const std::vector<Candidate>& all, std::span<const StaticType* const> arguments,
                                        const StaticType*& result) {
  std::vector<Candidate> fit;
  for (const Candidate& candidate : all) {
    if (!unifier_.all_assignable(arguments, candidate.signature.parameters)) continue;
    fit.push_back(candidate);
    const StaticType* type = unifier_.resolve(candidate.signature.result);
    if (result == nullptr) {
      result = type;
    } else if (!is_dyn(result) && !same(result, type)) {
      result = simple(TypeKind::dyn);
    }
  }
  return fit;
}

// Binds `expr` to the function `name`. False if there is none of that name at all.
bool Checker::resolve_function(Expr* expr, std::string_view name, bool member) {
  if (name.starts_with('.')) name.remove_prefix(1);
  const auto& functions = environment_.functions;
  const auto declared =
      std::find_if(functions.begin(), functions.end(), [&](const auto& row) { return row.name == name; });
  bool known = declared != functions.end() && !member;
  std::vector<Candidate> all;
  if (known) {
    std::vector<const StaticType*> parameters;
    for (const Type& parameter : declared->parameters) parameters.push_back(pool_.from(parameter));
    const std::span<const StaticType*> kept(arena_.copy(std::span<const StaticType* const>(parameters)),
                                            parameters.size());
    all.push_back({nullptr, {false, kept, pool_.from(declared->result)}});
  } else {
    all = candidates(name, member, known);
  }
  if (!known) return false;
  const bool host = all.size() == 1 && all[0].overload == nullptr;
  Binding* binding =
      host ? bind(expr, Binding::Kind::host_function, static_cast<std::size_t>(declared - functions.begin()))
           : bind(expr, Binding::Kind::overloads);
  binding->qualified = expr->member && !member;
  const std::vector<const StaticType*> arguments = argument_types(expr, member);
  const StaticType* result = nullptr;
  const std::vector<Candidate> fit = fitting(all, arguments, result);
  if (result == nullptr) no_overload(expr, name, arguments, member);
  binding->candidates = {arena_.copy(std::span<const Candidate>(fit)), fit.size()};
  expr->type = result != nullptr ? result : simple(TypeKind::error);
  return true;
}

// The type of a call that a macro stands for.
const StaticType* Checker::call_type(const Expr* at, std::string_view name, std::vector<const StaticType*> arguments) {
  bool known = false;
  const StaticType* result = nullptr;
  fitting(candidates(name, false, known), arguments, result);
  if (result == nullptr) no_overload(at, name, arguments, false);
  return result != nullptr ? result : simple(TypeKind::error);
}

const StaticType* Checker::element_type(Expr* element, bool optional) {
  check(element);
  if (!optional) return element->type;
  const StaticType* type = unifier_.resolve(element->type);
  if (is_kind(type, TypeKind::optional)) return type->parameters[0];
  if (type->variable || type->kind != TypeKind::error) mismatch(element, pool_.make(TypeKind::optional, type), type);
  return type;
}

// Unlike elements make a literal of dyn; that it is not homogeneous is for validate_literals to say.
const StaticType* Checker::join(const StaticType* before, const StaticType* now) {
  if (before == nullptr) return now;
  return unifier_.assignable(before, now) ? unifier_.more_general(before, now) : simple(TypeKind::dyn);
}

void Checker::check_list(Expr* expr) {
  const StaticType* element = nullptr;
  for (std::size_t i = 0; i < expr->items.size(); ++i) {
    const bool optional = !expr->optionals.empty() && expr->optionals[i];
    element = join(element, element_type(expr->items[i], optional));
  }
  expr->type = pool_.make(TypeKind::list, element != nullptr ? element : pool_.fresh());
}

void Checker::check_map(Expr* expr) {
  const StaticType* key = nullptr;
  const StaticType* value = nullptr;
  for (std::size_t i = 0; i < expr->items.size(); i += 2) {
    check(expr->items[i]);
    key = join(key, expr->items[i]->type);
    const bool optional = !expr->optionals.empty() && expr->optionals[i / 2];
    value = join(value, element_type(expr->items[i + 1], optional));
  }
  if (key == nullptr) {
    key = pool_.fresh();
    value = pool_.fresh();
  }
  expr->type = pool_.make(TypeKind::map, key, value);
}

void Checker::declare(std::string_view name, const StaticType* type) {
  const auto slot = static_cast<std::uint32_t>(locals_.size());
  locals_.push_back({name, type, slot});
  slots_ = std::max(slots_, slot + 1);
}

void Checker::no_overload(const Expr* at, std::string_view name, std::span<const StaticType* const> arguments,
                          bool member) {
  std::string text = "(";
  std::size_t first = 0;
  if (member) text = to_string(unifier_.resolve(arguments[first++], true)) + ".(";
  for (std::size_t i = first; i < arguments.size(); ++i) {
    text += (i > first ? ", " : "") + to_string(unifier_.resolve(arguments[i], true));
  }
  problems_.add(at->offset, "found no matching overload for '" + std::string(name) + "' applied to '" + text + ")'");
}

void Checker::mismatch(const Expr* at, const StaticType* expected, const StaticType* found) {
  problems_.add(at->offset, "expected type '" + to_string(unifier_.resolve(expected, true)) + "' but found '" +
                                to_string(unifier_.resolve(found, true)) + "'");
}

}  // namespace posture::cel
