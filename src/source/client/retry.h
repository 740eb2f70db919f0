// SPDX-License-Identifier: Apache-2.0
// Whether and when a failed request is tried again.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace posture {

inline constexpr int kMaxAskedRetries = 10;  ///< per page, where the server named a time (client-go's number)
inline constexpr int kMaxOwnRetries = 3;     ///< per page, where it did not
inline constexpr int kMaxBrokenRetries =
    6;  ///< per page, where the transfer broke: a restarting server takes some seconds
inline constexpr std::chrono::milliseconds kMaxRetryWait{60'000};          ///< one wait
inline constexpr std::chrono::milliseconds kMaxRetryWaitPerRead{
    120'000};  ///< all waits and lost transfers of one list or get
inline constexpr std::chrono::milliseconds kMaxRetryWaitPerScan{600'000};  ///< the same of one Source

/// What went wrong with one request.
struct Failure {
  int status = 0;                                   ///< 0: the transfer broke or the page was no list
  std::optional<std::chrono::seconds> retry_after;  ///< as an integer; a date counts as none
  std::string reason;                               ///< of the Status in the body
  std::chrono::milliseconds lost{0};                ///< time that a transfer took which came to nothing
};

/// Time that all reads of a scan may spend waiting and on transfers that come to nothing, shared by them.
struct RetryPurse {
  std::chrono::milliseconds left = kMaxRetryWaitPerScan;
};

/// Counts the tries of one read.
class RetryBudget {
 public:
  explicit RetryBudget(RetryPurse& purse) : purse_(purse) {}

  /// How long to wait before the next try; nullopt: give up. `random` in [0, 1) spreads waits of our own choice.
  std::optional<std::chrono::milliseconds> next_wait(const Failure& failure, double random);
  /// A page came through: its tries are forgotten, the time spent is not.
  void page_done();

 private:
  RetryPurse& purse_;
  std::chrono::milliseconds left_ = kMaxRetryWaitPerRead;
  int& tries_of(const Failure& failure, bool asked);

  int asked_left_ = kMaxAskedRetries;
  int own_left_ = kMaxOwnRetries;
  int broken_left_ = kMaxBrokenRetries;
};

}  // namespace posture
