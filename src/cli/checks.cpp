// SPDX-License-Identifier: Apache-2.0
// kube-posture checks: the catalogue as a table or JSON, and what helps those who write checks.
#include <ostream>

#include "base/json.h"
#include "base/text.h"
#include "cli/source_options.h"
#include "posture/policy.h"

namespace posture {

namespace {

struct ChecksFlags {
  CommonFlags common;
  std::string format = "text";
};

/// The first Kubernetes whose admission policies may hold the check's text: "1.30".
std::string since(const Exportability& found) { return "1." + std::to_string(found.first_minor); }

void write_text(const Catalog& catalog, const World& world) {
  std::size_t width = 0;
  for (const Check& check : catalog.checks) width = std::max(width, check.id.size());
  world.out << pad_right("CHECK", width) << "  SEVERITY  CONTROL  POLICY  TITLE\n";
  for (const Check& check : catalog.checks) {
    const Exportability found = exportability(check);
    world.out << pad_right(check.id, width) << "  " << pad_right(to_string(check.severity), 8) << "  "
              << pad_right(check.control, 7) << "  " << pad_right(found.obstacle.empty() ? since(found) : "-", 6)
              << "  " << check.title << "\n";
  }
}

void write_policy(const Exportability& found, std::string& out) {
  out += found.obstacle.empty() ? ",\"policy\":{\"since\":" : ",\"policy\":{\"obstacle\":";
  write_json_string(found.obstacle.empty() ? since(found) : found.obstacle, out);
  out.push_back('}');
}

void write_json_list(const Catalog& catalog, const World& world) {
  std::string out = "[";
  for (const Check& check : catalog.checks) {
    out += out.size() == 1 ? "\n" : ",\n";
    const std::pair<const char*, std::string_view> fields[] = {
        {"id", check.id}, {"control", check.control}, {"severity", to_string(check.severity)}, {"title", check.title}};
    char separator = '{';
    for (const auto& [name, value] : fields) {
      out.push_back(separator);
      write_json_string(name, out);
      out.push_back(':');
      write_json_string(value, out);
      separator = ',';
    }
    write_policy(exportability(check), out);
    out.push_back('}');
  }
  world.out << out << "\n]\n";
}

}  // namespace

Action declare_checks(CLI::App& app, const World& world) {
  auto flags = std::make_shared<ChecksFlags>();
  app.add_option("-o,--output", flags->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_option("--checks", flags->common.checks, "Add the check files of this folder")->type_name("DIR");
  app.require_subcommand(0, 1);
  app.footer(
      "POLICY: the first Kubernetes that takes the check's text as an admission policy; - where it cannot be one\n"
      "(`explain CHECK` says why).");
  CLI::App* lint = app.add_subcommand("lint", "Say what is wrong with check files of yours");
  const Action run_lint = declare_lint(*lint, world);
  CLI::App* functions = app.add_subcommand("functions", "List the functions that expressions may call, and since when");
  const Action run_functions = declare_functions(*functions, world);
  return [flags, lint, run_lint, functions, run_functions, &world] {
    if (lint->parsed()) return run_lint();
    if (functions->parsed()) return run_functions();
    const Catalog catalog = load_catalog(flags->common);
    flags->format == "json" ? write_json_list(catalog, world) : write_text(catalog, world);
    return 0;
  };
}

}  // namespace posture
