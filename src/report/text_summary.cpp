// SPDX-License-Identifier: Apache-2.0
// The first screen: head, score, what to mend first, frameworks and what next.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "base/text.h"
#include "report/text.h"

namespace posture {
namespace {

constexpr std::size_t kBarWidth = 20;

std::string one_decimal(double number) {  // rounded down: 99.96 is not 100
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "%.1f", std::floor(number * 10 + 1e-6) / 10);
  return text.data();
}

Lines score_lines(const Report& report, const Style& style) {
  const Score& score = report.score;
  if (!score.value) {
    const bool all_read = score.coverage.value_or(1) >= 1;
    return labelled(style, "Score",
                    all_read ? "no score: there was nothing to assess" : "no score: nothing could be assessed");
  }
  const std::string value = one_decimal(*score.value);
  const std::string low = one_decimal(score.low);
  const std::string high = one_decimal(score.high);
  const std::string bounds = low != high ? "  between " + low + " and " + high : "";
  const std::size_t room = room_beside_label(style) - value.size() - bounds.size();
  std::string meaning = " of 100 (higher is better)  ";
  if (room < meaning.size() + kBarWidth / 4) meaning = " of 100  ";
  return {style.paint(Ink::bold, pad_right("Score", kLabelWidth) + value) + meaning +
          style.bar(score.low, score.high, std::min(room - meaning.size(), kBarWidth)) + bounds};
}

Lines finding_lines(const Report& report, const Style& style) {
  std::array<std::uint64_t, kSeverities> failed = {};
  std::uint64_t waived = 0;
  for (const Outcome& outcome : report.assessment.outcomes) {
    if (outcome.state == State::fail) ++failed[static_cast<std::size_t>(report.catalog.checks[outcome.check].severity)];
    if (outcome.state == State::waived) ++waived;
  }
  if (waived + std::accumulate(failed.begin(), failed.end(), std::uint64_t{0}) == 0) {
    return report.score.value ? labelled(style, "Findings", "none: all that was assessed passes") : Lines{};
  }
  std::vector<std::string> plain, painted;
  for (std::size_t i = kSeverities; i-- > 0;) {
    const Severity severity = static_cast<Severity>(i);
    plain.push_back(with_separators(failed[i]) + ' ' + to_string(severity));
    painted.push_back(failed[i] > 0 ? style.paint(severity, plain.back()) : style.paint(Ink::dim, plain.back()));
  }
  if (waived > 0) {
    plain.push_back(with_separators(waived) + " waived");
    painted.push_back(plain.back());
  }
  return joined_lines(style, "Findings", plain, painted);
}

/// Commands to copy: on a line of their own rather than shortened.
Lines next_lines(const Report& report, const Style& style, bool details_follow) {
  const std::size_t room = room_beside_label(style);
  const std::string scan = details_follow ? "kube-posture scan -o json" : "kube-posture scan --details";
  const std::vector<Fix> fixes = ranked_fixes(report);
  if (fixes.empty()) return labelled(style, "Next", scan);
  const Check& check = report.catalog.checks[report.checks[fixes[0].result].check];
  const std::string explain = "kube-posture explain " + escape_controls(check.id);
  const std::string both = explain + style.dot() + scan;
  if (display_width(both) <= room) return labelled(style, "Next", both);
  Lines lines = labelled(style, "Next", style.middle(explain, room));
  append(lines, labelled(style, "", scan));
  return lines;
}

/// Sections with a blank line before each but the first; empty ones vanish.
Lines stacked(const std::vector<Lines>& sections) {
  Lines lines;
  for (const Lines& section : sections) {
    if (section.empty()) continue;
    if (!lines.empty()) lines.emplace_back();
    append(lines, section);
  }
  return lines;
}

}  // namespace

Lines first_screen(const Report& report, const Style& style, bool details_follow) {
  Lines numbers = score_lines(report, style);
  append(numbers, finding_lines(report, style));
  std::vector<Lines> sections = {head_lines(report, style),
                                 numbers,
                                 {},
                                 framework_lines(report, style),
                                 next_lines(report, style, details_follow)};
  const std::size_t taken = stacked(sections).size() + 1;
  sections[2] = fix_lines(report, style, taken < kScreenLines ? kScreenLines - taken : 0);
  return stacked(sections);
}

}  // namespace posture
