// SPDX-License-Identifier: Apache-2.0
// Pods of one template carry equal specs: each distinct one is judged once, and what its checks said is remembered. One per thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evaluate/compile.h"
#include "evaluate/texts.h"
#include "posture/evaluate.h"
#include "posture/value.h"

namespace posture {

/// What a check shows on one element of a pod spec.
struct Shown {
  std::uint32_t check = 0;  ///< index in Catalog::checks
  State state = State::fail;
  std::string_view path;  ///< below the pod spec; of the worker's Texts
  const Words* words = nullptr;  ///< likewise, and so is their pointer
  std::string_view pod = {};  ///< the template_pointer() for which `spoken` holds
  const Words* spoken = nullptr;  ///< `words` with the pointer into an object that was not in a file
};

class TemplateMemo {
 public:
  static constexpr std::uint8_t kUnknown = 0xff;
  struct Entry {
    std::uint64_t id = 0;  ///< never given twice
    std::vector<std::uint8_t> states;  ///< by position in the list of checks: a State, or kUnknown
    std::vector<Shown> shown;  ///< of the known ones
  };

  /// What is known of `checks` on `spec`; the caller adds what is not, of checks that read nothing but the spec. Specs are equal when all
  /// the fields are that any of those checks reads, compared byte by byte; of the name of a token volume, which the API server makes up
  /// for each pod, only the prefix counts. Valid until the next call.
  Entry& recall(const std::vector<const CompiledCheck*>& checks, Value spec);

 private:
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };
  struct Group {
    std::set<std::string> fields;
    std::unordered_map<std::string, Entry, KeyHash, std::equal_to<>> known;
    std::size_t bytes = 0;  // of keys and states; what is shown is about as much
  };
  Group& group(const std::vector<const CompiledCheck*>& checks);

  std::map<const void*, Group> groups_;  // by list of checks
  std::string bytes_;  // of the key, and more
  std::uint64_t last_id_ = 0;
};

}  // namespace posture
