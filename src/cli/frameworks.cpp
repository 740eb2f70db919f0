// SPDX-License-Identifier: Apache-2.0
// kube-posture frameworks: what each asks, and how much of it the checks decide.
#include <ostream>

#include "base/text.h"
#include "cli/source_options.h"
#include "posture/error.h"
#include "posture/score.h"

namespace posture {

namespace {

/// Requirement states before any scan: covered stands for what a scan would decide.
std::string coverage(const RequirementResult& result) {
  if (!result.checks.empty()) return "covered";
  return to_string(result.state);
}

/// As if every check had run on nothing.
std::vector<CheckResult> every_check(const Catalog& catalog) {
  std::vector<CheckResult> results(catalog.checks.size());
  for (std::uint32_t i = 0; i < results.size(); ++i) results[i].check = i;
  return results;
}

void write_overview(const std::vector<FrameworkResult>& frameworks, const World& world) {
  for (const FrameworkResult& framework : frameworks) {
    std::map<std::string, std::size_t> counts;
    for (const RequirementResult& result : framework.requirements) ++counts[coverage(result)];
    world.out << framework.framework->id << "  " << framework.framework->title << " " << framework.framework->version
              << ": " << framework.requirements.size() << " requirements";
    for (const auto& [state, count] : counts) world.out << ", " << count << " " << state;
    world.out << "\n";
  }
}

void write_requirements(const FrameworkResult& framework, const Catalog& catalog, const World& world) {
  world.out << framework.framework->title << " " << framework.framework->version << "\n"
            << framework.framework->source << "\n\n";
  for (const RequirementResult& result : framework.requirements) {
    world.out << pad_right(result.requirement->id, 26) << "  " << pad_right(coverage(result), 12) << "  "
              << result.requirement->title;
    for (const std::uint32_t check : result.checks) {
      world.out << (check == result.checks.front() ? "  [" : ", ") << catalog.checks[check].id;
    }
    world.out << (result.checks.empty() ? "\n" : "]\n");
  }
}

}  // namespace

Action declare_frameworks(CLI::App& app, const World& world) {
  auto id = std::make_shared<std::string>();
  app.add_option("ID", *id, "Show the requirements of this framework");
  return [id, &world] {
    const Catalog catalog = builtin_catalog();
    const std::vector<FrameworkResult> frameworks = framework_results(catalog, every_check(catalog));
    if (id->empty()) {
      write_overview(frameworks, world);
      return 0;
    }
    for (const FrameworkResult& framework : frameworks) {
      if (framework.framework->id != *id) continue;
      write_requirements(framework, catalog, world);
      return 0;
    }
    throw Error(ErrorKind::usage, "no framework is called " + *id + "; `kube-posture frameworks` lists them");
  };
}

}  // namespace posture
