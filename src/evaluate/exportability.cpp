// SPDX-License-Identifier: Apache-2.0
// What a policy cannot ask: facts of other objects, the API server's flags, kinds that admission does not see.
#include <algorithm>
#include <array>

#include "evaluate/compile.h"
#include "evaluate/environment.h"
#include "posture/analysis.h"
#include "posture/cel_versions.h"
#include "posture/policy.h"

namespace posture {

namespace {

/// The API server exempts its policies from policies: nobody could lock himself out for good.
constexpr std::string_view kPolicyGroup = "admissionregistration.k8s.io";
constexpr std::array<std::string_view, 4> kExemptKinds = {"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding",
                                                          "ValidatingAdmissionPolicy",
                                                          "ValidatingAdmissionPolicyBinding"};

bool is_exempt(const KindName& kind) {
  return kind.group == kPolicyGroup &&
         std::find(kExemptKinds.begin(), kExemptKinds.end(), kind.kind) != kExemptKinds.end();
}

std::string obstacle_in_match(const Check& check) {
  for (const KindName& kind : check.match) {
    if (kind.group.empty() && kind.kind == kApiServerKind)
      return "matches the API server itself, which nobody writes as an object";
    if (is_exempt(kind)) return "matches " + to_string(kind) + ", which the API server exempts from policies";
  }
  return {};
}

std::string obstacle_in(const cel::Program& program, const cel::Environment& names) {
  const std::size_t facts_end = kFirstFact + fact_declarations().size();
  for (const std::size_t variable : program.variables()) {
    if (variable >= kFirstFact && variable < facts_end)
      return "asks " + names.variables[variable].name + ", which other objects decide";
  }
  if (program.functions().empty()) return {};
  return "asks " + names.functions[program.functions().front()].name + ", which a policy does not have";
}

}  // namespace

Exportability exportability(const Check& check) {
  Exportability result;
  result.obstacle = obstacle_in_match(check);
  const CompiledCheck compiled = compile_check(check, 0);
  const cel::Environment names = environment(check);
  for (const cel::Program* program : {compiled.where.get(), compiled.expect.get(), compiled.message.get()}) {
    if (program != nullptr && result.obstacle.empty()) result.obstacle = obstacle_in(*program, names);
  }
  if (!result.obstacle.empty()) return result;
  for (const std::string& text : {check.where, check.expect, check.message})
    result.first_minor = std::max(result.first_minor, cel::first_minor(names, text));
  return result;
}

}  // namespace posture
