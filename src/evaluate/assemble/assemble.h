// SPDX-License-Identifier: Apache-2.0
// The end of a run: findings move to their top owners, twins meet, everything is sorted.
#pragma once

#include <optional>
#include <vector>

#include "evaluate/assemble/owner_names.h"
#include "evaluate/plan.h"

namespace posture {

/// A list that was refused or broke (or the API server's flags, as the pseudo-kind).
struct MissingRead {
  KindName kind;
  std::string ns;
  std::uint32_t gap = 0;  ///< index in Assessment::gaps
  std::optional<std::uint32_t> check = {};  ///< the only one that rests on it; nullopt: all that match the kind
};

struct AssembleOptions {
  const Owners& owners;
  const std::vector<MissingRead>& missing;
  bool keep_passed = false;
  std::size_t threads = 1;
};

/// `begun` has about, scope and gaps; the rest is made from the parts.
Assessment assemble(const Catalog& catalog, const Plan& plan, Assessment begun, Parts parts,
                    const AssembleOptions& options);

}  // namespace posture
