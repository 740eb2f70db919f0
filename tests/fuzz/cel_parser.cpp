// SPDX-License-Identifier: Apache-2.0
// Any text as an expression: it compiles, or its problems lie within it and can be shown.
#include "input.h"
#include "policy.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace posture;
  using fuzz::demand;
  static const cel::Environment environment = fuzz::policy_environment();
  const std::string_view source = fuzz::text_of(data, size);
  const cel::Compilation compilation = cel::compile(environment, source, {});
  demand((compilation.program != nullptr) == compilation.problems.empty());
  for (const cel::Problem& problem : compilation.problems) {
    demand(problem.offset <= source.size() && problem.line > 0 && problem.column > 0);
    demand(!cel::describe(problem, source).empty());
  }
  for (const cel::FieldUse& use : cel::field_uses(environment, source)) demand(use.offset < source.size());
  return 0;
}
