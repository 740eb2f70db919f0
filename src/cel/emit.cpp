// SPDX-License-Identifier: Apache-2.0
#include "cel/emit.h"

#include <algorithm>
#include <array>

#include "cel/qualify.h"

namespace posture::cel {
namespace {

class Emitter {
 public:
  Emitter(Program::Code& code, Problems& problems) : code_(code), problems_(problems) {}

  Code emit(const Expr* expr) {
    switch (expr->kind) {
      case ExprKind::literal: return make_constant(kept(expr->value));
      case ExprKind::identifier: return name(expr);
      case ExprKind::select: return expr->binding != nullptr ? name(expr) : select(expr);
      case ExprKind::call: return call(expr);
      case ExprKind::list: return folded(expr, make_list_literal(all(expr->items), flags(expr)), expr->items);
      case ExprKind::map: return folded(expr, make_map_literal(all(expr->items), flags(expr)), expr->items);
      case ExprKind::macro: return macro(expr);
    }
    return nullptr;
  }

 private:
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
    if (binding.kind == Binding::Kind::local) return make_local(binding.index);
    if (binding.kind == Binding::Kind::type) return make_constant(make_tagged(Tag::type, type_name(binding.type)));
    const auto slot = std::lower_bound(code_.variables.begin(), code_.variables.end(), binding.index);
    return make_variable(static_cast<std::uint32_t>(slot - code_.variables.begin()), binding.index);
  }

  static bool is_name(const Expr* expr) { return expr->kind == ExprKind::identifier || expr->binding != nullptr; }

  // A constant string key, as in x.key, x.?key, x['key'] and x[?'key'].
  static bool as_step(const Expr* expr, Step& step) {
    if (expr->kind == ExprKind::select && expr->binding == nullptr && !expr->presence) {
      step = {std::string(expr->name), expr->optional};
      return true;
    }
    const bool index = expr->kind == ExprKind::call && (expr->name == op::kIndex || expr->name == op::kOptIndex);
    if (!index || expr->items[1]->kind != ExprKind::literal || !is(expr->items[1]->value, Tag::string)) return false;
    step = {std::string(text_of(expr->items[1]->value)), expr->name == op::kOptIndex};
    return true;
  }

  Code select(const Expr* expr) {
    if (expr->presence) return make_presence(emit(expr->target), std::string(expr->name));
    return path(expr);
  }

  Code path(const Expr* expr) {
    std::vector<Step> steps;
    for (Step step; as_step(expr, step); expr = expr->kind == ExprKind::select ? expr->target : expr->items[0]) {
      steps.push_back(std::move(step));
    }
    std::reverse(steps.begin(), steps.end());
    const bool rooted = expr->kind == ExprKind::identifier || (expr->kind == ExprKind::select && expr->binding != nullptr);
    return make_path(emit(expr), std::move(steps), rooted);
  }

  Code call(const Expr* expr) {
    if (expr->name == op::kAnd || expr->name == op::kOr) return make_logic(expr->name == op::kAnd, all(expr->items));
    if (expr->binding->kind == Binding::Kind::host_function) return make_host_call(expr->binding->index, all(expr->items));
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
    if (name == op::kIn) return make_in(emit(items[0]), emit(items[1]));
    if (!name.starts_with('_')) return nullptr;
    return make_binary(name, emit(items[0]), emit(items[1]));
  }

  Code index(const Expr* expr) {
    Code key = emit(expr->items[1]);
    if (key->constant() != nullptr && !can_qualify(*key->constant())) {
      problems_.add(expr->items[1]->offset, "invalid qualifier type: " + std::string(type_name(*key->constant())));
    }
    return make_index(emit(expr->items[0]), std::move(key), expr->name == op::kOptIndex);
  }

  Code function(const Expr* expr, std::vector<Code> arguments) {
    const std::span<Candidate> candidates = expr->binding->candidates;
    const bool method = expr->member && !expr->binding->qualified;
    if (method && (expr->name == "orValue" || expr->name == "or")) {
      return make_or_value(std::move(arguments[0]), std::move(arguments[1]), expr->name == "orValue");
    }
    const Datum* pattern = arguments.size() > 1 ? arguments[1]->constant() : nullptr;
    if (pattern != nullptr && is(*pattern, Tag::string)) {
      if (Code code = pattern_call(expr, text_of(*pattern), arguments)) return code;
    }
    std::vector<Callable> callables;
    for (const Candidate& candidate : candidates) {
      Callable callable{candidate.overload, {}};
      for (const StaticType* parameter : candidate.signature.parameters) {
        callable.parameters.push_back(guard(parameter));
      }
      callables.push_back(std::move(callable));
    }
    return fold_call(expr, std::move(callables), std::move(arguments));
  }

  static TypeKind kind_of(const StaticType* type) { return type->variable ? TypeKind::dyn : type->kind; }

  static Guard guard(const StaticType* parameter) {
    if (!is_kind(parameter, TypeKind::list)) return {kind_of(parameter), TypeKind::dyn};
    return {TypeKind::list, kind_of(parameter->parameters[0])};
  }

  Code pattern_call(const Expr* expr, std::string_view pattern, std::vector<Code>& arguments) {
    std::string error;
    Code code = make_pattern_call(expr->name, pattern, arguments, error);
    if (!error.empty()) problems_.add(expr->items[expr->member ? 0 : 1]->offset, error);
    return code;
  }

  // Conversions of constants happen now, as in cel-go, and must succeed; other pure calls happen now if they do.
  Code fold_call(const Expr* expr, std::vector<Callable> callables, std::vector<Code> arguments) {
    const bool constant = !arguments.empty() && std::all_of(arguments.begin(), arguments.end(),
                                                            [](const Code& code) { return code->constant() != nullptr; });
    Code code = make_call(std::move(callables), std::move(arguments));
    if (!constant) return code;
    const bool conversion = is_conversion(expr->name);
    Frame frame{nullptr, code_.constants, {}, {}};
    const Datum value = code->eval(frame);
    if (!is_error(value)) return make_constant(value, conversion ? 0 : frame.cost);
    if (conversion) problems_.add(expr->offset, std::string(text_of(value)));
    return code;
  }

  static bool is_conversion(std::string_view name) {
    static constexpr std::array<std::string_view, 11> kConversions = {
        "bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint", "null_type"};
    return std::find(kConversions.begin(), kConversions.end(), name) != kConversions.end();
  }

  Code folded(const Expr* expr, Code code, std::span<Expr* const>) {
    if (!constant_parts(expr)) return code;
    Frame frame{nullptr, code_.constants, {}, {}};
    const Datum value = code->eval(frame);
    if (!is_error(value)) return make_constant(value);
    problems_.add(expr->offset, std::string(text_of(value)));
    return code;
  }

  // cel-go folds literals of constants only, never their optional elements.
  static bool constant_parts(const Expr* expr) {
    if (expr->kind == ExprKind::literal) return true;
    if ((expr->kind != ExprKind::list && expr->kind != ExprKind::map) || !expr->optionals.empty()) return false;
    return std::all_of(expr->items.begin(), expr->items.end(), [](const Expr* item) { return constant_parts(item); });
  }

  Code macro(const Expr* expr) {
    Loop loop;
    loop.macro = expr->macro;
    loop.two = !expr->variables[1].empty();
    loop.slot = depth_;
    loop.range = emit(expr->target);
    depth_ += loop.two ? 2 : 1;
    if (expr->condition != nullptr) loop.condition = emit(expr->condition);
    loop.body = emit(expr->body);
    depth_ = loop.slot;
    const bool optional = expr->macro == Macro::opt_map || expr->macro == Macro::opt_flat_map;
    return optional ? make_optional_map(std::move(loop)) : make_loop(std::move(loop));
  }

  Program::Code& code_;
  Problems& problems_;
  std::uint32_t depth_ = 0;  // local variables in scope, as the checker counts them
};

}  // namespace

void emit(const Expr* root, Program::Code& code, Problems& problems) {
  code.constants.memory().limit = kMaxMemory;
  code.root = Emitter(code, problems).emit(root);
}

}  // namespace posture::cel
