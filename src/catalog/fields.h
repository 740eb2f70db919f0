// SPDX-License-Identifier: Apache-2.0
// Strict reading of one map of a check or framework file: unknown keys and wrong types are errors that name file and line.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "posture/error.h"
#include "posture/value.h"

namespace posture {

/// "file:line" of a value, for messages.
using Place = std::function<std::string(Value)>;

class Fields {
 public:
  /// Throws Error(input) when `map` is not a map.
  Fields(Value map, const Place& place);

  std::string text(std::string_view key);  ///< required, not empty
  std::string optional_text(std::string_view key);  ///< "" when missing
  std::vector<std::string> texts(std::string_view key);  ///< a list of strings, or one string; empty when missing
  Value value(std::string_view key);  ///< anything; absent when missing
  void expect_integer(std::string_view key, std::int64_t value);  ///< required, exactly this
  /// Throws when the map has a key that nobody asked for.
  void finish() const;
  [[noreturn]] void fail(std::string_view key, const std::string& problem) const;

 private:
  Value map_;
  const Place& place_;
  std::vector<std::string_view> asked_;
};

}  // namespace posture
