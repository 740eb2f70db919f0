// SPDX-License-Identifier: Apache-2.0
#include "cli/status_line.h"

#include <algorithm>
#include <ostream>

#include "base/text.h"

namespace posture {

namespace {

using namespace std::chrono_literals;

constexpr auto kFirstInPlace = 500ms;  // quick scans show nothing
constexpr auto kInPlace = 200ms;
constexpr auto kElsewhere = 30s;
constexpr const char* kEraseLine = "\r\x1b[K";

bool can_rewrite(const World& world) {
  return world.err_is_terminal && world.environment("TERM").value_or("dumb") != "dumb";
}

}  // namespace

StatusLine::StatusLine(const World& world, bool quiet)
    : world_(world),
      quiet_(quiet),
      in_place_(can_rewrite(world)),
      due_(start_ + (in_place_ ? Clock::duration(kFirstInPlace) : Clock::duration(kElsewhere))) {}

void StatusLine::note(const std::string& line) {
  if (quiet_) return;
  erase();
  world_.err << line << '\n' << std::flush;
}

void StatusLine::show(const ReadProgress& progress) {
  const Clock::time_point now = Clock::now();
  if (quiet_ || now < due_) return;
  due_ = now + (in_place_ ? Clock::duration(kInPlace) : Clock::duration(kElsewhere));
  std::string line = describe(progress, now - start_);
  if (in_place_) {
    line.resize(std::min(line.size(), std::max<std::size_t>(world_.err_columns, 2) - 1));
    world_.err << kEraseLine << line << std::flush;
    is_shown_ = true;
  } else {
    world_.err << line << '\n' << std::flush;
  }
}

void StatusLine::erase() {
  if (!is_shown_) return;
  world_.err << kEraseLine << std::flush;
  is_shown_ = false;
}

std::string describe(const ReadProgress& progress, std::chrono::duration<double> elapsed) {
  if (progress.lists == 0) return "Asking the server what it serves";
  const double rate = static_cast<double>(progress.objects) / std::max(elapsed.count(), 0.001);
  std::string line = "Reading: " + with_separators(progress.lists_done) + " of " + plural(progress.lists, "list") +
                     ", " + plural(progress.pages, "page") + ", " + plural(progress.objects, "object") + ", " +
                     with_separators(static_cast<std::uint64_t>(rate)) + " a second";
  if (progress.lists_unknown > 0 || progress.remaining == 0 || rate < 1) return line;
  const auto seconds = static_cast<std::uint64_t>(static_cast<double>(progress.remaining) / rate) + 1;
  return line + ", about " + with_separators(seconds) + " s to go";
}

void report_to(StatusLine& status, ClientOptions& options) {
  options.progress = [&status](const ReadProgress& progress) { status.show(progress); };
  options.notice = [&status](const std::string& text) { status.note(escape_controls(text)); };
}

}  // namespace posture
