// SPDX-License-Identifier: Apache-2.0
// YAML text to value trees. The only file pair that names yaml-cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "posture/value.h"

namespace posture {

inline constexpr std::size_t kMaxYamlBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kMaxYamlDepth = 200;
/// Nodes the documents of one text may grow to together, aliases expanded: the guard against alias bombs.
inline constexpr std::size_t kMaxYamlNodes = 2'000'000;
inline constexpr std::size_t kMaxYamlDocuments = 100'000;

struct YamlMark {
  std::size_t line = 1;    ///< 1-based
  std::size_t column = 1;  ///< 1-based
};

/// One YAML document as a tree, with the place of every node. Scalars are resolved as sigs.k8s.io/yaml does (YAML 1.1
/// booleans, integers, floats and nulls when plain; quoted ones are strings; whole floats become integers; .inf and
/// .nan are refused, as JSON has neither). Merge keys are applied; of duplicate keys, merged ones included, the last
/// wins. Movable: values stay valid.
class YamlDocument {
 public:
  Value root() const { return Value(root_); }
  YamlMark mark(Value value) const;      ///< of a value of this document; {1,1} for others
  bool empty() const { return empty_; }  ///< nothing, or only comments, or null

 private:
  friend class YamlBuilder;
  struct Place {
    const Node* node;
    std::uint32_t line;
    std::uint32_t column;
  };
  Arena arena_{4096};  // a file may hold many small documents
  const Node* root_ = nullptr;
  bool empty_ = true;
  std::vector<Place> places_;  // sorted by node
};

/// All documents of `text` (also plain JSON). Throws Error(input) with `where` as "file:line:column".
std::vector<YamlDocument> parse_yaml(std::string_view text, const std::string& file);

}  // namespace posture
