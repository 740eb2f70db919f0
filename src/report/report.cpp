// SPDX-License-Identifier: Apache-2.0
#include "posture/report.h"

#include <algorithm>
#include <utility>

namespace posture {

namespace {

bool was_interrupted(const Assessment& assessment) {
  return std::any_of(assessment.gaps.begin(), assessment.gaps.end(),
                     [](const Gap& gap) { return gap.reason == GapReason::interrupted; });
}

}  // namespace

Report make_report(const Catalog& catalog, const Assessment& assessment, std::string now, std::string version) {
  Report report{catalog, assessment, check_results(catalog, assessment), {}, {}, std::move(now), std::move(version),
                0,       {}};
  report.score = score(catalog, report.checks);
  report.frameworks = framework_results(catalog, report.checks);
  if (assessment.incomplete()) add_exit_code(report, kIncompleteExit);
  if (was_interrupted(assessment)) add_exit_code(report, kInterruptedExit);
  return report;
}

void add_exit_code(Report& report, int code) {
  const auto place = std::lower_bound(report.exit_codes.begin(), report.exit_codes.end(), code);
  if (place == report.exit_codes.end() || *place != code) report.exit_codes.insert(place, code);
  const bool interrupted = report.exit_codes.back() == kInterruptedExit;
  report.exit_code = interrupted ? kInterruptedExit : report.exit_codes.front();
}

}  // namespace posture
