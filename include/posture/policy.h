// SPDX-License-Identifier: Apache-2.0
// Checks as ValidatingAdmissionPolicies: whether the same text can stand guard when objects are written.
#pragma once

#include <string>

#include "posture/catalog.h"

namespace posture {

struct Exportability {
  std::string obstacle;  ///< why the check cannot be a policy ("asks facts.role.bound, which …"); empty: it can
  /// The first minor version of Kubernetes 1.x whose new policies may hold the check's texts; 0 where there is an obstacle.
  unsigned first_minor = 0;
};
/// Computed from the trees of `where`, `expect` and `message`. Throws Error(input) where they do not compile.
Exportability exportability(const Check& check);

}  // namespace posture
