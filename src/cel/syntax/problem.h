// SPDX-License-Identifier: Apache-2.0
// Compile errors with their place in the source.
#pragma once

#include "posture/cel.h"

namespace posture::cel {

/// Collects the problems of one compilation, up to kMaxProblems.
class Problems {
 public:
  explicit Problems(std::string_view source) : source_(source) {}
  void add(std::size_t offset, std::string message);
  bool empty() const { return list_.empty(); }
  /// In the order of the text.
  std::vector<Problem> take();

 private:
  std::string_view source_;
  std::vector<Problem> list_;
};

}  // namespace posture::cel
