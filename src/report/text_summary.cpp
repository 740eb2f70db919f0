// SPDX-License-Identifier: Apache-2.0
// The first screen: which cluster, as whom, how much was read, the score, what to mend first and what next.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <set>

#include "base/text.h"
#include "report/text.h"

namespace posture {
namespace {

constexpr std::size_t kBarWidth = 20;
constexpr std::size_t kVersionWidth = 30;
constexpr std::size_t kMostGapReasons = 2;

std::string one_decimal(double number) {  // rounded down: 99.96 is not 100
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "%.1f", std::floor(number * 10 + 1e-6) / 10);
  return text.data();
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

std::size_t room_beside_label(const Style& style) { return style.columns() - kLabelWidth; }

/// Context and server share what the version leaves; the shorter one keeps its length.
Lines cluster_line(const Report& report, const Style& style) {
  const About& about = report.assessment.about;
  const std::string version =
      about.version.empty() ? "" : style.end("Kubernetes " + escape_controls(about.version), kVersionWidth);
  const std::string context = escape_controls(about.context);
  const std::string server = escape_controls(about.server);
  const std::size_t room = room_beside_label(style) - (version.empty() ? 3 : display_width(version) + 6);
  const std::size_t context_room = std::max(room / 2, room - std::min(room, display_width(server)));
  const std::size_t server_room = room - std::min(display_width(context), context_room);
  const std::string text =
      join({style.middle(context, context_room), version, style.middle(server, server_room)}, style.dot());
  if (!text.empty()) return labelled(style, "Cluster", style.end(text, room_beside_label(style)));
  return labelled(style, about.kind == "files" ? "Files" : "Cluster", about.kind == "files" ? "manifests" : "unknown");
}

Lines identity_line(const Report& report, const Style& style) {
  const About& about = report.assessment.about;
  if (about.user.empty()) return about.kind == "files" ? Lines{} : labelled(style, "Identity", "unknown");
  const std::size_t room = room_beside_label(style);
  std::string text = style.middle(escape_controls(about.user), about.groups.empty() ? room : room / 2);
  if (!about.groups.empty()) {
    std::vector<std::string> groups;
    for (const std::string& group : about.groups) groups.push_back(escape_controls(group));
    std::sort(groups.begin(), groups.end());
    text += " (" + list_within(style, groups, room - display_width(text) - 3) + ")";
  }
  return labelled(style, "Identity", text);
}

std::string answered(const Score& score) {
  if (!score.coverage) return "";
  if (*score.coverage >= 1) return "everything answered";
  return std::to_string(static_cast<int>(std::floor(*score.coverage * 100 + 1e-6))) + " % answered";
}

Lines read_line(const Report& report, const Style& style) {
  std::set<std::string_view> namespaces;
  for (const Tally& tally : report.assessment.tallies) {
    if (!tally.ns.empty()) namespaces.insert(tally.ns);
  }
  std::string objects = plural(report.assessment.objects_read, "object");
  if (!namespaces.empty()) objects += " in " + plural(namespaces.size(), "namespace");
  const std::string text = join({objects, plural(report.checks.size(), "check"), answered(report.score)}, style.dot());
  return labelled(style, "Read", style.end(text, room_beside_label(style)));
}

Lines scope_line(const Report& report, const Style& style) {
  if (report.assessment.scope.namespaces.empty()) return {};
  std::vector<std::string> names;
  for (const std::string& ns : report.assessment.scope.namespaces) names.push_back(escape_controls(ns));
  std::sort(names.begin(), names.end());
  const std::string lead = names.size() == 1 ? "only namespace " : "only namespaces ";
  return labelled(style, "Scope", lead + list_within(style, names, room_beside_label(style) - lead.size()));
}

/// "clusterroles" for "clusterroles.rbac.authorization.k8s.io": the whole name stands in the details.
std::string short_name(const std::string& resource) {
  return resource.empty() || resource[0] == '/' ? resource : resource.substr(0, resource.find('.'));
}

/// Tokens joined by dots, on as many lines as they need. `painted` is what is shown, `plain` what is measured.
Lines joined_lines(const Style& style, std::string_view label, const std::vector<std::string>& plain,
                   const std::vector<std::string>& painted) {
  Lines lines;
  std::size_t used = style.columns() + 1;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::size_t more = display_width(plain[i]) + (lines.empty() ? 0 : display_width(style.dot()));
    if (used + more > style.columns()) {
      lines.push_back(style.paint(Ink::bold, pad_right(lines.empty() ? label : "", kLabelWidth)) + painted[i]);
      used = kLabelWidth + display_width(plain[i]);
    } else {
      lines.back() += style.dot() + painted[i];
      used += more;
    }
  }
  return lines;
}

/// What was refused or broke first, then what does not exist here: "forbidden: pods, secrets · not served: /flagz".
Lines gap_lines(const Report& report, const Style& style) {
  std::map<std::pair<bool, GapReason>, std::set<std::string>> reads;
  for (const Gap& gap : report.assessment.gaps) {
    reads[{!is_incomplete(gap.reason), gap.reason}].insert(escape_controls(short_name(gap.resource)));
  }
  std::vector<std::string> parts;
  std::size_t others = 0;
  for (const auto& [key, names] : reads) {
    if (parts.size() == kMostGapReasons) {
      others += names.size();
      continue;
    }
    const std::string reason = spoken(to_string(key.second)) + ": ";
    parts.push_back(reason +
                    list_within(style, {names.begin(), names.end()}, room_beside_label(style) - reason.size()));
  }
  if (others > 0) parts.push_back(with_separators(others) + " more");
  return joined_lines(style, "Not read", parts, parts);
}

Lines warning_line(const Report& report, const Style& style) {
  if (report.assessment.about.tls_verified) return {};
  Lines lines = labelled(style, "Warning", "the server's certificate was not verified: this may be another server");
  lines.resize(1);
  return lines;
}

Lines head_lines(const Report& report, const Style& style) {
  static constexpr std::array kLines = {cluster_line, identity_line, scope_line, read_line, gap_lines, warning_line};
  Lines lines;
  for (const auto& line : kLines) append(lines, line(report, style));
  return lines;
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

Lines next_lines(const Report& report, const Style& style) {
  std::string hints = "kube-posture scan -o json";
  const std::vector<Fix> fixes = fixes_by_gain(report);
  if (!fixes.empty()) {
    const Check& check = report.catalog.checks[report.checks[fixes[0].result].check];
    hints = "kube-posture explain " + escape_controls(check.id) + style.dot() + hints;
  }
  return labelled(style, "Next", style.middle(hints, room_beside_label(style)));
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

Lines first_screen(const Report& report, const Style& style) {
  Lines numbers = score_lines(report, style);
  append(numbers, finding_lines(report, style));
  std::vector<Lines> sections = {
      head_lines(report, style), numbers, {}, framework_lines(report, style), next_lines(report, style)};
  const std::size_t taken = stacked(sections).size() + 1;
  sections[2] = fix_lines(report, style, taken < kScreenLines ? kScreenLines - taken : 0);
  return stacked(sections);
}

}  // namespace posture
