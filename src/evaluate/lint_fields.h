// SPDX-License-Identifier: Apache-2.0
// The fields an expression selects against the schemas of the kinds its check matches.
#pragma once

#include <string>
#include <vector>

#include "posture/lint.h"

namespace posture {

struct FieldProblem {
  std::size_t offset = 0;  ///< in the expression, of the field's name
  std::string message;
};
/// Fields that no matched kind has; read without `.?` and outside has(), those that one matched kind lacks.
std::vector<FieldProblem> lint_fields(const Check& check, const std::string& expression, Schemas& schemas);

}  // namespace posture
