// SPDX-License-Identifier: Apache-2.0
#include "evaluate/environment.h"

#include "posture/analysis.h"

namespace posture {

namespace {

using cel::Type;
using cel::TypeKind;

Type list_of_dyn() { return {TypeKind::list, {{TypeKind::dyn, {}}}}; }

/// The declared type of a constant of the check file: what its literal would have in CEL.
Type constant_type(Value value) {
  switch (value.type()) {
    case ValueType::boolean: return {TypeKind::boolean, {}};
    case ValueType::integer: return {TypeKind::integer, {}};
    case ValueType::real: return {TypeKind::real, {}};
    case ValueType::string: return {TypeKind::string, {}};
    case ValueType::list: return {TypeKind::list, {value.size() > 0 ? constant_type(value.at(0)) : Type{}}};
    default: return {};
  }
}

}  // namespace

std::size_t first_param() { return kFirstFact + fact_declarations().size(); }
std::size_t element_index(const Check& check) { return first_param() + check.params.size(); }

cel::Environment environment(const Check& check) {
  cel::Environment result;
  result.variables = {{"object", {}},
                      {"variables.podSpec", {}, true},
                      {"variables.podMeta", {}, true},
                      {"variables.podSC", {}, true},
                      {"variables.containers", list_of_dyn(), true},
                      {"variables.volumes", list_of_dyn(), true},
                      {"variables.windows", {TypeKind::boolean, {}}, true},
                      {"variables.allContainers", list_of_dyn(), true},
                      {"authorizer", {TypeKind::authorizer, {}}},
                      {"authorizer.requestResource", {TypeKind::resource_check, {}}}};
  for (const FactDeclaration& fact : fact_declarations()) result.variables.push_back({fact.name, fact.type});
  for (const auto& [name, value] : check.params)
    result.variables.push_back({"variables." + name, constant_type(value), true});
  if (!check.each.name.empty()) result.variables.push_back({check.each.name, {}});
  const Type string = {TypeKind::string, {}};
  result.functions = {{"apiserver.flag", {string}, {TypeKind::optional, {string}}}};
  return result;
}

}  // namespace posture
