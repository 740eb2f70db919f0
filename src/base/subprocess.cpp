// SPDX-License-Identifier: Apache-2.0
#include "base/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <string_view>

namespace posture {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{20};  // how often we look whether it has ended

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

bool is_executable_file(const std::string& path) {
  struct stat about{};
  return stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) && access(path.c_str(), X_OK) == 0;
}

std::vector<std::string> environment_of(const Subprocess& wanted) {
  std::vector<std::string> lines;
  const auto is_replaced = [&](std::string_view line) {
    return std::any_of(wanted.variables.begin(), wanted.variables.end(),
                       [&](const auto& variable) { return line.substr(0, line.find('=')) == variable.first; });
  };
  for (char** line = environ; line != nullptr && *line != nullptr; ++line) {
    if (!is_replaced(*line)) lines.emplace_back(*line);
  }
  for (const auto& [name, value] : wanted.variables) {
    std::string line = name;
    lines.push_back(line.append("=").append(value));
  }
  return lines;
}

/// As C wants it; points into `words`.
std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// How the child begins; freed with it.
struct Beginning {
  Beginning() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;
  ~Beginning() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

/// 0, or an errno.
int start(const Subprocess& wanted, int output, pid_t& id) {
  Beginning beginning;
  posix_spawn_file_actions_adddup2(&beginning.files, output, STDOUT_FILENO);
  if (!wanted.interactive) {
    posix_spawn_file_actions_addopen(&beginning.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_setflags(&beginning.attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&beginning.attributes, 0);
  }
  std::vector<std::string> words = {wanted.name};
  words.insert(words.end(), wanted.arguments.begin(), wanted.arguments.end());
  std::vector<std::string> environment = environment_of(wanted);
  return posix_spawn(&id, wanted.file.c_str(), &beginning.files, &beginning.attributes, pointers(words).data(),
                     pointers(environment).data());
}

/// A child that was started: its output as it comes, and its end.
class Child {
 public:
  Child(const Subprocess& wanted, pid_t id, int output) : wanted_(wanted), id_(id), output_(output) {}

  SubprocessEnd follow() {
    const steady_clock::time_point limit = steady_clock::now() + wanted_.time_limit;
    while (!ended()) {
      if (end_.output.size() > wanted_.output_limit) return finish(SubprocessEnd::How::too_chatty);
      if (wanted_.stop && wanted_.stop()) return finish(SubprocessEnd::How::stopped);
      if (steady_clock::now() > limit) return finish(SubprocessEnd::How::too_slow);
      take_output(kLook);
    }
    take_output(milliseconds(0));
    if (end_.output.size() > wanted_.output_limit) end_.how = SubprocessEnd::How::too_chatty;
    return std::move(end_);
  }

 private:
  bool ended() {
    int status = 0;
    if (waitpid(id_, &status, WNOHANG) != id_) return false;
    end_.how = WIFEXITED(status) ? SubprocessEnd::How::exited : SubprocessEnd::How::killed;
    end_.code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    return true;
  }

  SubprocessEnd finish(SubprocessEnd::How how) {
    kill(wanted_.interactive ? id_ : -id_, SIGKILL);
    waitpid(id_, nullptr, 0);
    end_.how = how;
    end_.output.clear();
    return std::move(end_);
  }

  /// All there is, within the limit; waits for the first byte.
  void take_output(milliseconds wait) {
    pollfd ready{open_ ? output_ : -1, POLLIN, 0};
    poll(&ready, 1, static_cast<int>(wait.count()));
    std::array<char, 16 * 1024> block{};
    while (open_ && end_.output.size() <= wanted_.output_limit) {
      const ssize_t got = read(output_, block.data(), block.size());
      if (got > 0) end_.output.append(block.data(), static_cast<std::size_t>(got));
      if (got == 0) open_ = false;
      if (got < 0 && errno != EINTR) return;
    }
  }

  const Subprocess& wanted_;
  pid_t id_;
  int output_;
  bool open_ = true;
  SubprocessEnd end_;
};

}  // namespace

std::optional<std::string> find_program(const std::string& name, const std::string& path) {
  if (name.find('/') != std::string::npos) return is_executable_file(name) ? std::optional(name) : std::nullopt;
  for (std::size_t from = 0; from <= path.size() && !name.empty();) {
    const std::size_t to = std::min(path.find(':', from), path.size());
    std::string file = path.substr(from, to - from) + "/" + name;
    if (path[from] == '/' && is_executable_file(file)) return file;
    from = to + 1;
  }
  return std::nullopt;
}

SubprocessEnd run_subprocess(const Subprocess& wanted) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {SubprocessEnd::How::not_started, errno, ""};
  const Descriptor output(ends[0]);
  Descriptor input(ends[1]);
  fcntl(output.number(), F_SETFL, O_NONBLOCK);
  pid_t id = 0;
  if (const int flaw = start(wanted, input.number(), id); flaw != 0) {
    return {SubprocessEnd::How::not_started, flaw, ""};
  }
  input.close();
  return Child(wanted, id, output.number()).follow();
}

}  // namespace posture
