// SPDX-License-Identifier: Apache-2.0
// Reading that ends before its time, and the words for it.
#pragma once

#include "posture/client.h"

namespace posture {

struct StopReason {
  GapReason reason;
  const char* message;  ///< of the gaps
  const char* error;    ///< where there is nothing to report yet
};

/// Why the reading must end now; nullptr: it goes on.
const StopReason* stop_reason(const ClientOptions& options);

/// Throws Error(stopped) where the reading must end: what comes before the lists is of no use in part.
void require_going_on(const ClientOptions& options);

}  // namespace posture
