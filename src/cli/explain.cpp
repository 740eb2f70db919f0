// SPDX-License-Identifier: Apache-2.0
// kube-posture explain CHECK: everything a check file says, for reading.
#include <algorithm>
#include <ostream>

#include "base/json.h"
#include "base/text.h"
#include "cli/source_options.h"
#include "posture/error.h"
#include "posture/policy.h"

namespace posture {

namespace {

struct ExplainFlags {
  CommonFlags common;
  std::string check;
};

void paragraph(const World& world, const char* heading, const std::string& text) {
  if (text.empty()) return;
  world.out << "\n" << heading << "\n";
  for (const std::string& line : wrap(text, std::min<std::size_t>(world.columns, 100) - 2))
    world.out << "  " << line << "\n";
}

void rule(const World& world, const char* heading, const std::string& text) {
  if (text.empty()) return;
  world.out << "\n" << heading << "\n";
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    world.out << "  " << rest.substr(0, end) << "\n";
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
}

std::string join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

/// Frameworks whose requirements rest on the check's control: "cis-2.0.1 5.2.2".
std::string requirements(const Catalog& catalog, const Check& check) {
  std::vector<std::string> found;
  for (const Framework& framework : catalog.frameworks) {
    for (const Requirement& requirement : framework.requirements) {
      const auto& controls = requirement.controls;
      if (std::find(controls.begin(), controls.end(), check.control) != controls.end()) {
        found.push_back(framework.id + " " + requirement.id);
      }
    }
  }
  return join(found);
}

void explain(const Catalog& catalog, const Check& check, const World& world) {
  world.out << check.title << "\n"
            << check.id << " · " << to_string(check.severity) << " · control " << check.control << " ("
            << catalog.control(check.control)->title << ")\n";
  paragraph(world, "Why it matters", check.why);
  paragraph(world, "How to fix it", check.fix);
  if (check.patch.present()) {
    std::string patch;
    write_json(check.patch, patch);
    rule(world, check.each.name.empty() ? "Patch" : ("Patch for each " + check.each.name).c_str(), patch);
  }
  std::vector<std::string> kinds;
  kinds.reserve(check.match.size());
  for (const KindName& kind : check.match) kinds.push_back(to_string(kind));
  paragraph(world, "Looks at", join(kinds) + (check.each.name.empty() ? "" : "; each " + check.each.name));
  rule(world, "Applies where (CEL)", check.where);
  rule(world, "Fine when (CEL)", check.expect);
  const Exportability policy = exportability(check);
  paragraph(world, "As an admission policy",
            policy.obstacle.empty()
                ? "Kubernetes 1." + std::to_string(policy.first_minor) + " and newer take this text."
                : "It cannot be one: it " + policy.obstacle + ".");
  paragraph(world, "Asked for by", requirements(catalog, check));
  paragraph(world, "Other names", join(check.aliases));
  for (const std::string& link : check.links)
    world.out << (&link == &check.links.front() ? "\nRead more\n  " : "  ") << link << "\n";
}

}  // namespace

Action declare_explain(CLI::App& app, const World& world) {
  auto flags = std::make_shared<ExplainFlags>();
  app.add_option("CHECK", flags->check, "Id of a check, of a control, or of another tool's rule (C-0057, KSV-0017, …)")
      ->required();
  app.add_option("--checks", flags->common.checks, "Add the check files of this folder")->type_name("DIR");
  return [flags, &world] {
    const Catalog catalog = load_catalog(flags->common);
    const std::vector<const Check*> found = catalog.find_all(flags->check);
    if (found.empty())
      throw Error(ErrorKind::usage, "no check is called " + flags->check + "; `kube-posture checks` lists them");
    for (const Check* check : found) {
      if (check != found.front()) world.out << "\n";
      explain(catalog, *check, world);
    }
    return 0;
  };
}

}  // namespace posture
