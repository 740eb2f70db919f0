// SPDX-License-Identifier: Apache-2.0
// Command line in, exit code out: 0 done, 1 could not run, 2 a gate fell, 3 incomplete (docs/cli.md).
#include <malloc.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string_view>

#include "base/text.h"
#include "base/time.h"
#include "cli/command.h"
#include "posture/error.h"

namespace posture {

namespace {

constexpr int kCouldNotRun = 1;

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::size_t columns_of(int terminal) {
  winsize size{};
  if (ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

World make_world() {
  return {std::cout,
          std::cerr,
          environment,
          [] { return rfc3339(std::chrono::system_clock::now()); },
          isatty(STDIN_FILENO) != 0,
          isatty(STDOUT_FILENO) != 0,
          isatty(STDERR_FILENO) != 0,
          columns_of(STDOUT_FILENO),
          columns_of(STDERR_FILENO)};
}

/// Installed as `kubectl-posture` the program is the kubectl plugin `kubectl posture`.
std::string program_name(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  return file == "kubectl-posture" ? "kubectl posture" : "kube-posture";
}

/// What `kube-posture connect` can take apart.
bool concerns_connection(ErrorKind kind) {
  return kind == ErrorKind::connection || kind == ErrorKind::tls || kind == ErrorKind::credentials;
}

/// The place first, as compilers do, unless the message names it already. Mistakes in files may show a line and a caret below.
std::string sentence(const Error& error) {
  const std::string message = error.what();
  const bool named = error.where().empty() || message.find(error.where()) != std::string::npos;
  std::string text = named ? message : error.where() + ": " + message;
  if (concerns_connection(error.kind())) text += "; `kube-posture connect` shows it step by step";
  return error.kind() == ErrorKind::input ? escape_lines(text) : escape_controls(text);
}

int run(int argc, char** argv) {
  const World world = make_world();
  CLI::App app("Checks the posture of a Kubernetes cluster: what is misconfigured, how bad it is and how to fix it.",
               program_name(argv[0]));
  app.set_version_flag("--version", std::string("kube-posture ") + kVersion);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return std::string(error.what()) + "\nTry: " + failed->get_name() + " --help\n";
  });
  std::map<CLI::App*, Action> actions;
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(command.name, command.help);
    actions[sub] = command.declare(*sub, world);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) { return app.exit(error, world.out, world.err) == 0 ? 0 : kCouldNotRun; }
  const int code = actions.at(app.get_subcommands().front())();
  world.out.flush();
  if (!world.out) throw Error(ErrorKind::output, "cannot write the report to standard output");
  return code;
}

/// Items are allocated by the thread that reads and freed by those that judge: with a pool of its own each thread would keep
/// what it freed, a tenth of the peak.
void bound_allocator() {
#ifdef M_ARENA_MAX
  mallopt(M_ARENA_MAX, 2);
#endif
}

}  // namespace

}  // namespace posture

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  posture::bound_allocator();
  try {
    return posture::run(argc, argv);
  } catch (const posture::Error& error) {
    std::cerr << "kube-posture: " << posture::sentence(error) << "\n";
  } catch (const std::exception& error) {
    std::cerr << "kube-posture: internal error, please report it: " << posture::escape_controls(error.what()) << "\n";
  }
  return posture::kCouldNotRun;
}
