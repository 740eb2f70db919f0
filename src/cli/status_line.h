// SPDX-License-Identifier: Apache-2.0
// Standard error while a cluster is read: notices, and how far the reading is.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "cli/command.h"
#include "posture/client.h"

namespace posture {

/// On a terminal one line, rewritten in place and gone in the end; elsewhere a line now and then. Nothing at all when quiet.
class StatusLine {
 public:
  StatusLine(const World& world, bool quiet);
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { erase(); }

  /// A line that stays, above that of the progress.
  void note(const std::string& line);
  void show(const ReadProgress& progress);
  void erase();

 private:
  using Clock = std::chrono::steady_clock;

  const World& world_;
  bool quiet_;
  bool in_place_;
  bool is_shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point due_;
};

/// "Reading: 7 of 16 lists, 43 pages, 21,000 objects, 5,300 a second, about 12 s to go"
std::string describe(const ReadProgress& progress, std::chrono::duration<double> elapsed);

/// Lets a client say on this line how far it is, and above it what the user should know.
void report_to(StatusLine& status, ClientOptions& options);

}  // namespace posture
