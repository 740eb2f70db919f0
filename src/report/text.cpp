// SPDX-License-Identifier: Apache-2.0
#include "report/text.h"

#include <algorithm>
#include <ostream>

#include "posture/error.h"
#include "report/formats.h"

namespace posture {

std::span<const Outcome> outcomes_of(const Assessment& assessment, std::uint32_t check) {
  struct ByCheck {
    bool operator()(const Outcome& outcome, std::uint32_t wanted) const { return outcome.check < wanted; }
    bool operator()(std::uint32_t wanted, const Outcome& outcome) const { return wanted < outcome.check; }
  };
  const std::vector<Outcome>& all = assessment.outcomes;
  const auto [first, last] = std::equal_range(all.begin(), all.end(), check, ByCheck{});
  return std::span<const Outcome>(all).subspan(static_cast<std::size_t>(first - all.begin()),
                                               static_cast<std::size_t>(last - first));
}

void write_text_report(const Report& report, const ReportOptions& options, std::ostream& out) {
  const Style style(options);
  for (const std::string& line : first_screen(report, style, options.details)) out << line << '\n';
  if (options.details) {
    write_findings(report, style, options.threads, out);
    write_open_outcomes(report, style, out);
  }
  if (options.include_passed) write_passes(report, style, out);
  if (!out.flush())
    throw Error(ErrorKind::output, "the report could not be written; is the disk full or the pipe closed?");
}

}  // namespace posture
