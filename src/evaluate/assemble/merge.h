// SPDX-License-Identifier: Apache-2.0
// Findings become outcomes: what several objects show of one owner is said once.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "evaluate/assemble/owner_names.h"

namespace posture {

struct MergedFindings {
  std::vector<Outcome> outcomes;  ///< sorted by check, object and path
  std::vector<ObjectName> witnesses;  ///< live objects that show them; their indexes begin behind those of the owners
  std::vector<std::shared_ptr<const void>> memory;  ///< what outcomes borrow from, beside the parts' memory()
};

MergedFindings merge_findings(const Parts& parts, const OwnerNames& owners, std::size_t checks, std::size_t threads);

}  // namespace posture
