// SPDX-License-Identifier: Apache-2.0
// Other programs: how they end, what they say, and what they find around them.
#include "base/subprocess.h"

#include <signal.h>
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>

using namespace std::chrono_literals;
using posture::Subprocess;
using posture::SubprocessEnd;
using How = posture::SubprocessEnd::How;

namespace {

Subprocess shell(const std::string& script) {
  Subprocess wanted;
  wanted.file = "/bin/sh";
  wanted.name = "sh";
  wanted.arguments = {"-c", script};
  wanted.time_limit = 20s;
  return wanted;
}

}  // namespace

TEST_CASE("how a subprocess ends") {
  struct Row {
    std::string script;
    How how;
    int code;
    std::string output;
  };
  const std::vector<Row> rows = {
      {"echo hello", How::exited, 0, "hello\n"},
      {"printf out; echo err >/dev/null; exit 3", How::exited, 3, "out"},
      {"kill -TERM $$", How::killed, SIGTERM, ""},
      {"cat; echo end", How::exited, 0, "end\n"},  // standard input is empty
      {"sleep 30 2>&- & echo left behind", How::exited, 0, "left behind\n"},
      {"exec >&-; sleep 0.1; exit 4", How::exited, 4, ""},
  };
  for (const Row& row : rows) {
    INFO(row.script);
    const SubprocessEnd end = posture::run_subprocess(shell(row.script));
    CHECK(end.how == row.how);
    CHECK(end.code == row.code);
    CHECK(end.output == row.output);
  }
  Subprocess missing = shell("");
  missing.file = "/no/such/program";
  CHECK(posture::run_subprocess(missing).how == How::not_started);
  CHECK(posture::run_subprocess(missing).code == ENOENT);
}

TEST_CASE("limits of a subprocess, and of its children") {
  Subprocess slow = shell("echo a secret; sleep 60 & sleep 60");
  slow.time_limit = 200ms;
  const auto start = std::chrono::steady_clock::now();
  const SubprocessEnd late = posture::run_subprocess(slow);
  CHECK(late.how == How::too_slow);
  CHECK(late.output.empty());
  Subprocess flood = shell("while :; do echo 0123456789012345678901234567890123456789; done");
  flood.output_limit = 100'000;
  CHECK(posture::run_subprocess(flood).how == How::too_chatty);
  Subprocess burst = shell("head -c 200 /dev/zero");
  burst.output_limit = 100;
  CHECK(posture::run_subprocess(burst).how == How::too_chatty);
  CHECK(std::chrono::steady_clock::now() - start < 15s);
}

TEST_CASE("environment of a subprocess: ours, and variables that come before ours") {
  setenv("POSTURE_TEST_ONE", "ours", 1);
  setenv("POSTURE_TEST_TWO", "ours", 1);
  Subprocess wanted = shell("echo $POSTURE_TEST_ONE $POSTURE_TEST_TWO $0");
  wanted.variables = {{"POSTURE_TEST_TWO", "theirs = x"}};
  CHECK(posture::run_subprocess(wanted).output == "ours theirs = x sh\n");
}

TEST_CASE("where a program is found") {
  CHECK(posture::find_program("sh", "/nowhere::/bin") == "/bin/sh");
  CHECK(posture::find_program("/bin/sh", "") == "/bin/sh");
  CHECK_FALSE(posture::find_program("/bin/no-such-program", "/bin").has_value());
  CHECK_FALSE(posture::find_program("no-such-program", "/bin:/usr/bin").has_value());
  CHECK_FALSE(posture::find_program("sh", "").has_value());
  CHECK_FALSE(posture::find_program("sh", "bin:.").has_value());  // only absolute folders
  CHECK_FALSE(posture::find_program("bin", "/").has_value());     // a folder
  CHECK_FALSE(posture::find_program("", "/bin").has_value());
}

TEST_CASE("a subprocess is ended when it is to stop, with all that it started") {
  Subprocess wanted = shell("sleep 300 & sleep 300");
  const auto began = std::chrono::steady_clock::now();
  wanted.stop = [began] { return std::chrono::steady_clock::now() - began > 100ms; };
  const SubprocessEnd end = posture::run_subprocess(wanted);
  CHECK(end.how == How::stopped);
  CHECK(end.output.empty());
  CHECK(std::chrono::steady_clock::now() - began < 10s);
}
