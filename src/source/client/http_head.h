// SPDX-License-Identifier: Apache-2.0
// The part of an HTTP answer's head that matters to us.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posture {

inline constexpr std::size_t kMaxWarningBytes = 300;  ///< of one

struct HttpHead {
  int status = 0;
  std::string content_type;
  bool packed = false;                              ///< the body comes in a Content-Encoding
  std::string location;                             ///< of a redirect, which is never followed; printable
  std::vector<std::string> warnings;  ///< texts of `Warning: 299 - "…"`; printable, at most kMaxWarnings
  std::optional<std::chrono::seconds> retry_after;  ///< only an integer counts
};

/// Takes one header line into `head`; unknown and malformed ones are ignored.
void note_header(std::string_view line, HttpHead& head);

}  // namespace posture
