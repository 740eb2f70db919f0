// SPDX-License-Identifier: Apache-2.0
// The parts of the text report, each a file.
#pragma once

#include <iosfwd>
#include <span>
#include <vector>

#include "posture/report.h"
#include "report/style.h"

namespace posture {

/// A terminal has 24 lines at least; the notice of the end and the prompt need one each.
inline constexpr std::size_t kScreenLines = 22;

/// `details_follow`: whether every finding is listed below it; else its last line says how to see them.
Lines first_screen(const Report& report, const Style& style, bool details_follow);

/// Cluster, identity, scope, what was read and what was not: at most seven lines.
Lines head_lines(const Report& report, const Style& style);

/// The outcomes of one check, which the assessment keeps together.
std::span<const Outcome> outcomes_of(const Assessment& assessment, std::uint32_t check);

/// A failing check, as index in Report::checks, and the points the score would gain.
struct Fix {
  std::size_t result = 0;
  double points = 0;
};
/// All failing checks in the order in which to mend them: by severity, then by points, then by id.
std::vector<Fix> ranked_fixes(const Report& report);
/// At most `room` lines: a heading and two lines per fix; none when nothing fails.
Lines fix_lines(const Report& report, const Style& style, std::size_t room);

/// A heading and one line per framework, at most three; none without frameworks.
Lines framework_lines(const Report& report, const Style& style);

/// Every finding, grouped by check, most severe first; laid out on `threads` threads.
void write_findings(const Report& report, const Style& style, std::size_t threads, std::ostream& out);
/// Not assessed, waived and manual outcomes, by reason.
void write_open_outcomes(const Report& report, const Style& style, std::ostream& out);
void write_passes(const Report& report, const Style& style, std::ostream& out);

}  // namespace posture
