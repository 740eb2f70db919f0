// SPDX-License-Identifier: Apache-2.0
#include "source/client/stop.h"

#include <algorithm>
#include <array>

#include "posture/error.h"

namespace posture {
namespace {

constexpr std::array kReasons = {
    StopReason{GapReason::interrupted, "the scan was interrupted before all of this was read",
               "the scan ended before anything was read"},
    StopReason{GapReason::out_of_time, "the time for reading was over before all of this was read",
               "the time for reading was over before the server had said what it serves; allow more"},
};

}  // namespace

const StopReason* stop_reason(const ClientOptions& options) {
  const std::optional<GapReason> wanted = options.stop ? options.stop() : std::nullopt;
  const auto* row =
      std::find_if(kReasons.begin(), kReasons.end(), [&](const StopReason& each) { return each.reason == wanted; });
  return row == kReasons.end() ? nullptr : row;
}

void require_going_on(const ClientOptions& options) {
  const StopReason* reason = stop_reason(options);
  if (reason != nullptr) throw Error(ErrorKind::stopped, reason->error);
}

}  // namespace posture
