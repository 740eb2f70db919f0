// SPDX-License-Identifier: Apache-2.0
#include "cel/run/emit.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cel/run/qualify.h"

namespace posture::cel {
namespace {

class Emitter {
 public:
  Emitter(Program::Code& code, Places places, Problems& problems) : code_(code), places_(places), problems_(problems) {}

  Code emit(const Expr* expr) {
    Code code = node(expr);
    return places_ == Places::kept ? make_placed(std::move(code), expr->offset) : std::move(code);
  }

 private:
  Code node(const Expr* expr) {
    switch (expr->kind) {
      case ExprKind::literal: return make_literal(kept(expr->value));
      case ExprKind::identifier: return name(expr);
      case ExprKind::select: return expr->binding != nullptr ? name(expr) : select(expr);
      case ExprKind::call: return call(expr);
      case ExprKind::list: return aggregate(expr, make_list_literal);
      case ExprKind::map: return aggregate(expr, make_map_literal);
      case ExprKind::macro: return macro(expr);
    }
    return nullptr;
  }

  Datum kept(const Datum& value) {
    if (!is(value, Tag::string) && !is(value, Tag::bytes)) return value;
    return make_tagged(tag_of(value), code_.constants.keep(text_of(value)));
  }

  std::vector<Code> all(std::span<Expr* const> items) {
    std::vector<Code> codes;
    for (const Expr* item : items) codes.push_back(emit(item));
    return codes;
  }

  static std::vector<bool> flags(const Expr* expr) { return {expr->optionals.begin(), expr->optionals.end()}; }

  Code name(const Expr* expr) {
    const Binding& binding = *expr->binding;
    if (binding.kind == Binding::Kind::type) return make_literal(make_tagged(Tag::type, type_name(binding.type)));
    if (is_kind(expr->type, TypeKind::type)) return named_type(expr, expr->name);
    if (binding.kind == Binding::Kind::local) {
      const bool bound = std::find(bound_.begin(), bound_.end(), binding.index) != bound_.end();
      return bound ? make_bound_local(binding.index) : make_local(binding.index);
    }
    const auto slot = std::lower_bound(code_.variables.begin(), code_.variables.end(), binding.index);
    return make_variable(static_cast<std::uint32_t>(slot - code_.variables.begin()), binding.index, binding.is_field);
  }

  // cel-go takes every variable that holds a type for the name of a type.
  Code named_type(const Expr* at, std::string_view name) {
    const std::optional<TypeKind> kind = type_named(name);
    if (!kind) problems_.add(at->offset, "reference to undefined type: " + std::string(name));
    return make_literal(make_tagged(Tag::type, type_name(kind.value_or(TypeKind::dyn))));
  }

  static bool is_name(const Expr* expr) { return expr->kind == ExprKind::identifier || expr->binding != nullptr; }

  // A constant string key, as in x.key, x.?key, x['key'] and x[?'key'].
  static bool as_step(const Expr* expr, Step& step) {
    if (expr->kind == ExprKind::select && expr->binding == nullptr && !expr->presence) {
      step = {std::string(expr->name), expr->optional, expr->offset + (expr->optional ? 2 : 1)};
      return true;
    }
    const bool index = expr->kind == ExprKind::call && (expr->name == op::kIndex || expr->name == op::kOptIndex);
    if (!index || expr->items[1]->kind != ExprKind::literal || !is(expr->items[1]->value, Tag::string)) return false;
    step = {std::string(text_of(expr->items[1]->value)), expr->name == op::kOptIndex, expr->items[1]->offset};
    return true;
  }

  Code select(const Expr* expr) {
    if (expr->presence) return make_presence(emit(expr->target), std::string(expr->name));
    return path(expr);
  }

  Code path(const Expr* expr) {
    std::vector<Step> steps;
    for (Step step; as_step(expr, step); expr = expr->kind == ExprKind::select ? expr->target : expr->items[0]) {
      if (places_ == Places::dropped) step.place = kNoPlace;
      steps.push_back(std::move(step));
    }
    std::reverse(steps.begin(), steps.end());
    return make_path(emit(expr), std::move(steps));
  }

  Code call(const Expr* expr) {
    if (expr->name == op::kAnd || expr->name == op::kOr) return make_logic(expr->name == op::kAnd, all(expr->items));
    if (expr->binding->kind == Binding::Kind::host_function)
      return make_host_call(expr->binding->index, all(expr->items));
    if (Step step; as_step(expr, step)) return path(expr);
    if (!expr->member) {
      if (Code code = operation(expr)) return code;
    }
    std::vector<Code> arguments;
    if (expr->member && !expr->binding->qualified) arguments.push_back(emit(expr->target));
    for (Code& argument : all(expr->items)) arguments.push_back(std::move(argument));
    return function(expr, std::move(arguments));
  }

  Code operation(const Expr* expr) {
    const std::string_view name = expr->name;
    const std::span<Expr* const> items = expr->items;
    if (name == op::kTernary) return make_ternary(emit(items[0]), emit(items[1]), emit(items[2]));
    if (name == op::kNot) return make_not(emit(items[0]));
    if (name == op::kNegate) return make_negate(emit(items[0]));
    if (name == op::kIndex || name == op::kOptIndex) return index(expr);
    if (name == op::kIn) return membership(expr);
    if (!name.starts_with('_')) return nullptr;
    return make_binary(name, emit(items[0]), emit(items[1]), units(expr));
  }

  static Units units(const Expr* expr, std::size_t candidate = 0) {
    const std::span<Candidate> candidates = expr->binding->candidates;
    const CostRule& cost = candidates[candidate].overload->cost;
    return candidates.size() == 1 ? cost.units : cost.unsettled;
  }

  Code index(const Expr* expr) {
    Code key = emit(expr->items[1]);
    if (key->literal() && !can_qualify(*key->constant())) {
      problems_.add(expr->items[1]->offset, "invalid qualifier type: " + std::string(type_name(*key->constant())));
    }
    return make_index(emit(expr->items[0]), std::move(key), expr->name == op::kOptIndex);
  }

  Code function(const Expr* expr, std::vector<Code> arguments) {
    const std::span<Candidate> candidates = expr->binding->candidates;
    if (expr->member && !expr->binding->qualified) {
      if (expr->name == "orValue") return make_or_value(std::move(arguments[0]), std::move(arguments[1]));
      if (expr->name == "or") return make_or(std::move(arguments[0]), std::move(arguments[1]));
      if (expr->name == "hasValue") return make_has_value(std::move(arguments[0]));
    }
    if (arguments.size() > 1 && arguments[1]->literal() && is(*arguments[1]->constant(), Tag::string)) {
      if (Code code = pattern_call(expr, text_of(*arguments[1]->constant()), arguments)) return code;
    }
    std::vector<Callable> callables;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      Callable callable{candidates[i].overload, {}, units(expr, i)};
      for (const StaticType* parameter : candidates[i].signature.parameters) {
        callable.parameters.push_back(guard(parameter));
      }
      callables.push_back(std::move(callable));
    }
    return fold_call(expr, std::move(callables), std::move(arguments));
  }

  static TypeKind kind_of(const StaticType* type) { return type->variable ? TypeKind::dyn : type->kind; }

  static Guard guard(const StaticType* parameter) {
    if (!is_kind(parameter, TypeKind::list)) return {kind_of(parameter), TypeKind::dyn};
    const TypeKind element = kind_of(parameter->parameters[0]);
    return {TypeKind::list,
            element == TypeKind::list ? TypeKind::dyn : element};  // flatten() takes any list, as upstream
  }

  Code pattern_call(const Expr* expr, std::string_view pattern, std::vector<Code>& arguments) {
    std::string error;
    Code code = make_pattern_call(expr->name, pattern, arguments, error);
    if (!error.empty()) problems_.add(expr->items[expr->member ? 0 : 1]->offset, error);
    return code;
  }

  static bool all_of(const std::vector<Code>& codes, bool (*holds)(const Code&)) {
    return std::all_of(codes.begin(), codes.end(), holds);
  }
  static bool is_constant(const Code& code) { return code->constant() != nullptr; }
  static bool is_literal(const Code& code) { return code->literal(); }

  // Conversions of literals happen now, as in cel-go, and must succeed; other calls with constants happen now if they do.
  Code fold_call(const Expr* expr, std::vector<Callable> callables, std::vector<Code> arguments) {
    const bool constant = !arguments.empty() && all_of(arguments, is_constant);
    const bool conversion = all_of(arguments, is_literal) && arguments.size() == 1 && is_conversion(expr->name);
    Code code = make_call(std::move(callables), std::move(arguments));
    if (!constant) return code;
    Frame frame{nullptr, code_.constants, {}, {}};
    const Datum value = code->eval(frame);
    if (!is_error(value)) return conversion ? make_literal(value) : make_constant(value, frame.cost);
    if (conversion) problems_.add(expr->offset, std::string(text_of(value)));
    return code;
  }

  // Is it a list of nothing but booleans, numbers and strings?
  static bool holds_plain_values(const Datum& value) {
    if (!is_list(value)) return false;
    for (std::size_t i = 0; i < list_size(value); ++i) {
      const Tag tag = tag_of(list_at(value, i));
      if (tag < Tag::boolean || tag > Tag::string) return false;
    }
    return true;
  }

  // In a list of constants cel-go looks as in a map, at no cost.
  Code membership(const Expr* expr) {
    Code item = emit(expr->items[0]);
    Code collection = emit(expr->items[1]);
    const bool settled = expr->binding->candidates.size() == 1;
    if (!settled || !collection->literal() || !holds_plain_values(*collection->constant()))
      return make_binary(op::kIn, std::move(item), std::move(collection), units(expr));
    if (list_size(*collection->constant()) == 0) return make_literal(Datum::boolean(false));
    return make_member_of(std::move(item), std::move(collection));
  }

  static bool is_conversion(std::string_view name) {
    static constexpr std::array<std::string_view, 11> kConversions = {
        "bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint", "null_type"};
    return std::find(kConversions.begin(), kConversions.end(), name) != kConversions.end();
  }

  // May it be a list or map in JSON, read anew? A variable of a macro holds what was read before.
  static bool is_reading(const Expr* key) {
    const bool is_local = key->kind == ExprKind::identifier && key->binding->kind == Binding::Kind::local;
    const bool is_container =
        is_kind(key->type, TypeKind::dyn) || is_kind(key->type, TypeKind::list) || is_kind(key->type, TypeKind::map);
    return is_container && !is_local && key->kind != ExprKind::list && key->kind != ExprKind::map;
  }

  // List and map literals; those of literals without optional ones are made once.
  Code aggregate(const Expr* expr, Code (*make)(std::vector<Code>, std::vector<bool>)) {
    std::vector<Code> parts = all(expr->items);
    if (expr->kind == ExprKind::map) {
      for (std::size_t i = 0; i < parts.size(); i += 2) {
        if (!is_constant(parts[i]) && is_reading(expr->items[i])) parts[i] = make_reading(std::move(parts[i]));
      }
    }
    const bool literal = expr->optionals.empty() && all_of(parts, is_literal);
    Code code = make(std::move(parts), flags(expr));
    if (!literal) return code;
    Frame frame{nullptr, code_.constants, {}, {}};
    const Datum value = code->eval(frame);
    if (!is_error(value)) return make_literal(value);
    problems_.add(expr->offset, std::string(text_of(value)));
    return code;
  }

  // Does what cel-go makes of the macro name a variable that holds types, though its text need not?
  static bool names_types(const Expr* expr) {
    const bool names_first = expr->macro == Macro::filter || expr->macro == Macro::opt_map ||
                             expr->macro == Macro::opt_flat_map || expr->macro == Macro::transform_map;
    const StaticType* range = expr->target->type;
    const bool is_index = !expr->variables[1].empty() && is_kind(range, TypeKind::list);
    return names_first && !is_index && range->parameters[0] != nullptr && is_kind(range->parameters[0], TypeKind::type);
  }

  Code macro(const Expr* expr) {
    Loop loop;
    loop.macro = expr->macro;
    loop.two = !expr->variables[1].empty();
    loop.slot = depth_;
    loop.range = emit(expr->target);
    const bool optional = expr->macro == Macro::opt_map || expr->macro == Macro::opt_flat_map;
    if (optional) {
      loop.bound = bound_;
      bound_.push_back(loop.slot);
    }
    if (expr->macro == Macro::sort_by) loop.units = units(expr);
    depth_ += loop.two || optional ? 2 : 1;
    if (expr->condition != nullptr) loop.condition = emit(expr->condition);
    loop.body = emit(expr->body);
    depth_ = loop.slot;
    if (names_types(expr)) {
      Code name = named_type(expr, expr->variables[0]);
      if (expr->macro == Macro::filter) {
        loop.macro = Macro::map;
        loop.condition = std::exchange(loop.body, std::move(name));
      }
    }
    if (optional) bound_.pop_back();
    return optional ? make_optional_map(std::move(loop)) : make_loop(std::move(loop));
  }

  Program::Code& code_;
  Places places_;
  Problems& problems_;
  std::vector<std::uint32_t> bound_;  // slots of variables in scope that optMap and optFlatMap bind
  std::uint32_t depth_ = 0;  // local variables in scope, as the checker counts them
};

}  // namespace

void emit(const Expr* root, Program::Code& code, Places places, Problems& problems) {
  code.constants.memory().limit = kMaxMemory;
  code.root = Emitter(code, places, problems).emit(root);
}

}  // namespace posture::cel
