// SPDX-License-Identifier: Apache-2.0
#include "evaluate/lint_cost.h"

#include <algorithm>

#include "base/json.h"
#include "evaluate/compile.h"
#include "evaluate/elements.h"
#include "evaluate/host.h"
#include "posture/cel_cost.h"
#include "posture/policy.h"
#include "posture/source.h"

namespace posture {

namespace {

using cel::kExpressionCostLimit;

std::string allowed() { return "units, of which an API server allows " + std::to_string(kExpressionCostLimit); }

std::uint64_t units(const cel::Program* program, CheckHost& host, bool& verdict) {
  cel::Scratch scratch;
  cel::Course course;
  if (program != nullptr) verdict = program->evaluate(host, scratch, course).is_true();
  return course.cost;
}

// Of the rule over all elements, which is one expression of a policy.
std::uint64_t units_of_rule(const CompiledCheck& compiled, const Object& object) {
  const Check& check = *compiled.check;
  const Facts facts;
  const Reads reads;
  const std::optional<Workload> pod = workload(object);
  if (check.matches_workload && !pod) return 0;
  const Subject subject = {facts, reads, object, pod ? &*pod : nullptr};
  std::uint64_t sum = 0;
  std::vector<Element> elements;
  list_elements(check, object, pod ? &*pod : nullptr, elements);
  for (const Element& element : elements) {
    Arena arena;
    CheckHost host(subject, arena);
    host.use(check, element.value);
    bool verdict = true;
    sum += units(compiled.where.get(), host, verdict);
    if (verdict) sum += units(compiled.expect.get(), host, verdict);
  }
  return sum;
}

Resource resource_of(Value object) {
  const ApiVersion type = parse_api_version(object["apiVersion"].text());
  return usual_resource(std::string(type.group), std::string(type.version), std::string(object["kind"].text()));
}

std::uint64_t units_of_object(const CompiledCheck& check, Value object) {
  if (!object["kind"].present()) return 0;
  std::string text;
  write_json(object, text);
  const std::size_t size = text.size();
  text.append(kJsonPadding, ' ');
  JsonParser parser;
  Node* root = parser.parse(std::string_view(text).substr(0, size));
  const std::optional<Object> read =
      root == nullptr ? std::nullopt : read_object(*root, resource_of(object), parser.arena());
  return read ? units_of_rule(check, *read) : 0;
}

}  // namespace

std::string excessive_cost(const Check& check, const std::string& expression) {
  const std::optional<cel::CostEstimate> estimate = cel::estimate_cost(environment(check), expression);
  if (!estimate || estimate->least <= kExpressionCostLimit) return {};
  return "takes at least " + std::to_string(estimate->least) + " " + allowed();
}

std::string excessive_cost(const Check& check, Value example) {
  if (!exportability(check).obstacle.empty()) return {};
  const CompiledCheck compiled = compile_check(check, 0);
  std::uint64_t most = units_of_object(compiled, example);
  for (const Node& object : example.elements()) most = std::max(most, units_of_object(compiled, Value(&object)));
  if (most <= kExpressionCostLimit) return {};
  return "as a policy this example takes " + std::to_string(most) + " " + allowed();
}

}  // namespace posture
