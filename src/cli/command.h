// SPDX-License-Identifier: Apache-2.0
// What a sub-command is: a row in a table. It declares its options and returns what to run when it was chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>

namespace posture {

inline constexpr const char* kVersion = POSTURE_VERSION;

/// The outside, as arguments.
struct World {
  std::ostream& out;
  std::ostream& err;
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::function<std::string()> now;  ///< RFC 3339 UTC
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t columns = 80;      ///< of standard output's terminal
  std::size_t err_columns = 80;  ///< of standard error's
};

/// Runs a chosen sub-command and returns its exit code. Throws Error.
using Action = std::function<int()>;

struct Command {
  const char* name;
  const char* help;
  Action (*declare)(CLI::App& app, const World& world);
};
std::span<const Command> commands();

Action declare_scan(CLI::App& app, const World& world);
Action declare_snapshot(CLI::App& app, const World& world);
Action declare_checks(CLI::App& app, const World& world);
Action declare_eval(CLI::App& app, const World& world);
Action declare_explain(CLI::App& app, const World& world);
Action declare_functions(CLI::App& app, const World& world);  ///< of `checks`
Action declare_lint(CLI::App& app, const World& world);  ///< of `checks`
Action declare_permissions(CLI::App& app, const World& world);
Action declare_frameworks(CLI::App& app, const World& world);
Action declare_connect(CLI::App& app, const World& world);
Action declare_context(CLI::App& app, const World& world);
Action declare_version(CLI::App& app, const World& world);

}  // namespace posture
