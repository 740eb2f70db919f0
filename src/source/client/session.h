// SPDX-License-Identifier: Apache-2.0
// What all reads of one Source share, and how each of them copes with failure.
#pragma once

#include <chrono>
#include <concepts>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "posture/client.h"
#include "posture/error.h"
#include "source/client/pace.h"
#include "source/client/retry.h"
#include "source/client/stop.h"
#include "source/client/transport.h"

namespace posture {

/// Borrowed by its reads. One thread.
struct Session {
  const Connection& connection;
  const ClientOptions& options;
  Authorization& authorization;
  Transport& transport;
  RetryPurse purse = {};
  std::minstd_rand random = {};
  Pace pace{options};
  ReadProgress progress = {};
};

/// An exchange that came to nothing.
struct Attempt {
  TransferEnd end;
  HttpHead head;
  std::string_view body;
  std::string reason;  ///< of the Status in it
  std::string path;
};

/// The tries of one read: whose turn it is, and when.
class Attempts {
 public:
  explicit Attempts(Session& session) : session_(session), budget_(session.purse) {}

  bool is_due() const { return state_ == State::waiting && std::chrono::steady_clock::now() >= due_; }
  bool is_running() const { return state_ == State::running; }
  bool is_done() const { return state_ == State::done; }

  /// The request is under way, with the credentials of this moment.
  void begin() { begin(session_.authorization.generation()); }
  /// The same, with those of an earlier one.
  void begin(std::size_t generation) {
    state_ = State::running;
    begun_ = std::chrono::steady_clock::now();
    generation_ = generation;
  }
  void done() { state_ = State::done; }
  /// A good answer came.
  void went_well() { session_.pace.went_well(); }
  /// The next page is due at once.
  void next_page();
  /// The same request again, later if need be; false: enough. A 401 is tried once more with fresh credentials. Throws
  /// Error(credentials) on a 401 that stays, and Error(connection|tls) when no answer ever came from this server.
  bool again(const Attempt& failed);

 private:
  enum class State { waiting, running, done };
  bool again_with_fresh_credentials(const Attempt& failed);

  Session& session_;
  RetryBudget budget_;
  State state_ = State::waiting;
  std::chrono::steady_clock::time_point due_ = {};
  std::chrono::steady_clock::time_point begun_ = {};
  std::size_t generation_ = 0;  // of the credentials that were used
  bool refreshed_ = false;
};

/// A read that may ask for what comes next while it still receives.
template <typename Read>
concept Farsighted = requires(Read read) {
  { read.looks_ahead() } -> std::same_as<bool>;
  { read.may_look_ahead() } -> std::same_as<bool>;
  read.look_ahead();
};

/// Requests of `read` that are under way.
template <typename Read>
std::size_t requests_of(Read& read) {
  std::size_t count = read.attempts().is_running() ? 1 : 0;
  if constexpr (Farsighted<Read>) count += read.looks_ahead() ? 1 : 0;
  return count;
}

/// Runs all reads to their end or until the options say stop, in their order, as many at a time as the pace allows; where it allows
/// more, they look ahead. A Read has attempts(), start() and stop(StopReason), and may be Farsighted.
template <typename Read>
void run_all(Session& session, std::deque<Read>& reads) {
  struct Abandon {
    Transport& transport;
    ~Abandon() { transport.abandon(); }
  } const whatever_happens{session.transport};
  constexpr std::chrono::milliseconds kStep{50};
  for (;;) {
    std::size_t running = 0;
    bool all_done = true;
    for (Read& read : reads) {
      running += requests_of(read);
      all_done = all_done && read.attempts().is_done();
    }
    if (all_done) return;
    if (const StopReason* reason = stop_reason(session.options)) {
      for (Read& read : reads) {
        if (!read.attempts().is_done()) read.stop(*reason);
      }
      return;
    }
    if (session.options.progress) session.options.progress(session.progress);
    try {
      for (Read& read : reads) {
        if (!read.attempts().is_due()) continue;
        if (!session.pace.may_start(running, std::chrono::steady_clock::now())) break;
        read.start();
        ++running;
      }
      if constexpr (Farsighted<Read>) {
        for (Read& read : reads) {
          if (!read.may_look_ahead()) continue;
          if (!session.pace.may_start(running, std::chrono::steady_clock::now())) break;
          read.look_ahead();
          ++running;
        }
      }
      session.transport.step(kStep);
    } catch (const Error&) {  // a plugin that was ended: what came before it stands
      if (stop_reason(session.options) == nullptr || !session.transport.reached()) throw;
    }
  }
}

}  // namespace posture
