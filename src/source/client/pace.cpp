// SPDX-License-Identifier: Apache-2.0
#include "source/client/pace.h"

#include <algorithm>

namespace posture {

Pace::Pace(const ClientOptions& options)
    : most_lanes_(options.parallel),
      most_rate_(options.requests_per_second),
      most_tokens_(std::max(1.0, static_cast<double>(options.burst))) {}

void Pace::gain(Time now) {
  if (gained_ != Time{}) {
    const std::chrono::duration<double> passed = now - gained_;
    tokens_ = std::min(most_tokens_, tokens_ + rate_ * passed.count());
  }
  gained_ = now;
}

bool Pace::may_start(std::size_t running, Time now) {
  if (running >= lanes_) return false;
  if (most_rate_ <= 0) return true;
  gain(now);
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

// What was saved up is forgotten, too: a burst is the last thing that such a server needs.
void Pace::too_many() {
  good_in_a_row_ = 0;
  lanes_ = std::max<std::size_t>(1, lanes_ / 2);
  rate_ = std::min(most_rate_, std::max(kLeastRate, rate_ / 2));
  tokens_ = std::min(tokens_, 1.0);
}

void Pace::went_well() {
  if (++good_in_a_row_ < kAnswersPerStep) return;
  good_in_a_row_ = 0;
  lanes_ = std::min(most_lanes_, lanes_ + 1);
  rate_ = std::min(most_rate_, rate_ * 2);
}

}  // namespace posture
