// SPDX-License-Identifier: Apache-2.0
// Pods of one template carry equal specs: each distinct one is judged once, and its verdicts are remembered. One per thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "evaluate/compile.h"
#include "posture/value.h"

namespace posture {

class TemplateMemo {
 public:
  /// By position in the list of checks: a State, or kUnknown.
  using Verdicts = std::vector<std::uint8_t>;
  static constexpr std::uint8_t kUnknown = 0xff;
  struct Entry {
    std::uint64_t id = 0;  ///< never given twice
    Verdicts verdicts;
  };

  /// What is known of `checks` on `spec`; the caller fills in what is not, of checks that read nothing but the spec. Specs are equal
  /// when all the fields are that any of those checks reads, compared byte by byte; of the name of a token volume, which the API server
  /// makes up for each pod, only the prefix counts. Valid until the next call.
  Entry& recall(const std::vector<const CompiledCheck*>& checks, Value spec);

 private:
  struct Group {
    std::set<std::string> fields;
    std::unordered_map<std::string, Entry> known;
    std::size_t bytes = 0;
  };
  Group& group(const std::vector<const CompiledCheck*>& checks);

  std::map<const void*, Group> groups_;  // by list of checks
  std::string key_;
  std::uint64_t last_id_ = 0;
};

}  // namespace posture
