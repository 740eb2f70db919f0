// SPDX-License-Identifier: Apache-2.0
// RE2 behind a small face: compiled patterns with limits, and searches over them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace posture::cel {

class Pattern {
 public:
  explicit Pattern(std::string_view text);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  std::string error() const;  ///< empty if the pattern is valid
  bool matches(std::string_view text) const;
  /// Finds the leftmost match at or after `start`; false if there is none.
  bool find(std::string_view text, std::size_t start, std::string_view& match) const;

 private:
  std::unique_ptr<re2::RE2> regex_;
};

/// Why `text` is no pattern, empty if it is one.
std::string pattern_error(std::string_view text);

}  // namespace posture::cel
