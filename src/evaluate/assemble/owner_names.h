// SPDX-License-Identifier: Apache-2.0
// The top owners of all that was judged, sorted by name, and who stands for whom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "evaluate/part.h"

namespace posture {

using Parts = std::vector<std::unique_ptr<Part>>;

struct OwnerNames {
  std::vector<ObjectName> names;  ///< each once, in order; of several versions the smallest
  std::vector<std::vector<std::uint32_t>>
      of;  ///< by part and object: index in `names`; kNoObject where it only shows findings
};

OwnerNames name_owners(const Parts& parts, const Owners& owners, std::size_t threads);

}  // namespace posture
