// SPDX-License-Identifier: Apache-2.0
// Check texts to programs, and what those programs need to be read.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "posture/catalog.h"
#include "posture/cel.h"

namespace posture {

struct CompiledCheck {
  const Check* check = nullptr;
  std::uint32_t index = 0;              ///< in Catalog::checks
  std::unique_ptr<cel::Program> where;  ///< nullptr: always
  std::unique_ptr<cel::Program> expect;
  std::unique_ptr<cel::Program> message;
  std::vector<KindName> fact_reads;  ///< kinds whose lists must be whole before an object is judged, ascending
  bool asks_api_server = false;
  bool reads_status = false;   ///< of the object
  bool only_metadata = false;  ///< of the object nothing is looked at but apiVersion, kind and metadata
  /// What `expect` selects on the object, the pod or the element, by the name it is shown under; ascending.
  std::vector<std::pair<std::string, cel::FieldPath>> observed;
  /// Fields of the pod spec on which verdict and message rest; nullopt: they rest on something else, too.
  std::optional<std::set<std::string>> spec_fields;
};

/// Throws Error(input) with the file, the field and a caret under the mistake.
CompiledCheck compile_check(const Check& check, std::uint32_t index);
std::vector<CompiledCheck> compile_checks(const Catalog& catalog);

}  // namespace posture
