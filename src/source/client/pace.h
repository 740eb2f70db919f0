// SPDX-License-Identifier: Apache-2.0
// How gentle we are with a server: exchanges at a time and requests per second, fewer of both while it has too many.
#pragma once

#include <chrono>
#include <cstddef>

#include "posture/client.h"

namespace posture {

inline constexpr std::size_t kAnswersPerStep = 10;  ///< good ones in a row that make us a little faster again
inline constexpr double kLeastRate = 1.0;           ///< requests per second, however often the server complains

/// Time is an argument. Both limits are halved by each "too many", and come back step by step.
class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit Pace(const ClientOptions& options);

  /// Whether one more exchange may start, beside `running` ones; true counts it.
  bool may_start(std::size_t running, Time now);
  void too_many();   ///< a 429
  void went_well();  ///< a good answer

  std::size_t lanes() const { return lanes_; }
  double rate() const { return rate_; }  ///< requests per second; 0: without limit

 private:
  void gain(Time now);

  std::size_t most_lanes_;
  double most_rate_;
  double most_tokens_;
  std::size_t lanes_ = most_lanes_;
  double rate_ = most_rate_;
  double tokens_ = most_tokens_;
  Time gained_ = {};  // when tokens were last added
  std::size_t good_in_a_row_ = 0;
};

}  // namespace posture
