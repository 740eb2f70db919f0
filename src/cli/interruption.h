// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a value: the reading ends, the report does not.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "posture/source.h"

namespace posture {

/// While one lives, the first SIGINT or SIGTERM is only noted; the next ends the program as ever. One at a time.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();
  bool came() const;
  /// For ClientOptions::stop: it came, or `limit` has passed from now on (0: there is none).
  std::function<std::optional<GapReason>()> or_after(std::chrono::milliseconds limit) const;
};

}  // namespace posture
