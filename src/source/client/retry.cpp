// SPDX-License-Identifier: Apache-2.0
#include "source/client/retry.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace posture {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstWait{500};
constexpr milliseconds kLongestOwnWait{4'000};

/// Server errors that pass even where the server does not say so.
bool may_pass(const Failure& failure) {
  constexpr std::array kStatuses = {0, 429, 502, 503, 504};
  constexpr std::array<std::string_view, 3> kReasons = {"ServerTimeout", "Timeout", "InternalError"};
  if (std::find(kStatuses.begin(), kStatuses.end(), failure.status) != kStatuses.end()) return true;
  return failure.status == 500 && std::find(kReasons.begin(), kReasons.end(), failure.reason) != kReasons.end();
}

/// Doubles with each try, less up to half of it at random.
milliseconds own_wait(int tries_before, double random) {
  const milliseconds full = std::min(kFirstWait * 2 * (1 << tries_before), kLongestOwnWait);
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(full.count()) * (1 - random / 2)));
}

}  // namespace

int& RetryBudget::tries_of(const Failure& failure, bool asked) {
  if (asked) return asked_left_;
  return failure.status == 0 ? broken_left_ : own_left_;
}

std::optional<milliseconds> RetryBudget::next_wait(const Failure& failure, double random) {
  const milliseconds lost = std::min({failure.lost, left_, purse_.left});
  left_ -= lost;
  purse_.left -= lost;
  const bool asked = failure.retry_after && (failure.status == 429 || failure.status >= 500);
  if (!asked && !may_pass(failure)) return std::nullopt;
  int& tries = tries_of(failure, asked);
  const int limit = failure.status == 0 ? kMaxBrokenRetries : kMaxOwnRetries;
  const milliseconds wait = asked ? milliseconds(*failure.retry_after) : own_wait(limit - tries, random);
  if (tries == 0 || wait > kMaxRetryWait || wait > left_ || wait > purse_.left) return std::nullopt;
  --tries;
  left_ -= wait;
  purse_.left -= wait;
  return wait;
}

void RetryBudget::page_done() {
  asked_left_ = kMaxAskedRetries;
  own_left_ = kMaxOwnRetries;
  broken_left_ = kMaxBrokenRetries;
}

}  // namespace posture
