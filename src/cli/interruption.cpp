// SPDX-License-Identifier: Apache-2.0
#include "cli/interruption.h"

#include <array>
#include <atomic>
#include <csignal>

namespace posture {

namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM};

static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler writes it");

std::atomic<bool>& noted() {
  static constinit std::atomic<bool> value = false;
  return value;
}

void note(int /*signal*/) { noted() = true; }

void handle_signals(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

}  // namespace

Interruption::Interruption() {
  noted() = false;
  handle_signals(note);
}

Interruption::~Interruption() { handle_signals(SIG_DFL); }

bool Interruption::came() const { return noted(); }

std::function<std::optional<GapReason>()> Interruption::or_after(std::chrono::milliseconds limit) const {
  using std::chrono::steady_clock;
  const bool limited = limit.count() > 0;
  return [this, limited, end = steady_clock::now() + limit]() -> std::optional<GapReason> {
    if (came()) return GapReason::interrupted;
    if (limited && steady_clock::now() >= end) return GapReason::out_of_time;
    return std::nullopt;
  };
}

}  // namespace posture
