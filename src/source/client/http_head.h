// SPDX-License-Identifier: Apache-2.0
// The part of an HTTP answer's head that matters to us.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace posture {

struct HttpHead {
  int status = 0;
  std::string content_type;
  bool packed = false;                              ///< the body comes in a Content-Encoding
  std::string location;                             ///< of a redirect, which is never followed; printable
  std::optional<std::chrono::seconds> retry_after;  ///< only an integer counts
};

/// Takes one header line into `head`; unknown and malformed ones are ignored.
void note_header(std::string_view line, HttpHead& head);

}  // namespace posture
