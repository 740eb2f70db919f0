// SPDX-License-Identifier: Apache-2.0
// Another program: found, run with limits on its time and output, and ended by its id.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace posture {

/// The file that `name` means: itself when it holds a slash, else the first executable of that name in the absolute
/// folders of `path` ("/usr/bin:/bin"). nullopt when there is none.
std::optional<std::string> find_program(const std::string& name, const std::string& path);

struct Subprocess {
  std::string file;  ///< of the program
  std::string name;  ///< what it is told that it is called (argv[0])
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> variables;  ///< beside, and before, our own environment's
  bool interactive = false;  ///< gets our standard input and stays in the terminal's foreground; else neither
  std::chrono::milliseconds time_limit{60'000};
  std::size_t output_limit = std::size_t{1} << 20;
  std::function<bool()> stop;  ///< asked many times a second; true: it is ended
};

struct SubprocessEnd {
  enum class How {
    exited,       ///< `code` is its exit code
    killed,       ///< by somebody's signal `code`
    not_started,  ///< `code` is an errno
    too_slow,     ///< ended by us
    too_chatty,   ///< ended by us
    stopped,      ///< ended by us, as was asked for
  };
  How how = How::not_started;
  int code = 0;
  std::string output;  ///< of its standard output; standard error is ours, unread
};

/// Runs it to its end. One that is not interactive is a process group of its own, which is ended as a whole.
SubprocessEnd run_subprocess(const Subprocess& wanted);

}  // namespace posture
