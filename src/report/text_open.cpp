// SPDX-License-Identifier: Apache-2.0
// What is neither pass nor fail: not assessed by what was missing, then waived and manual; and passes, when asked for.
#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <tuple>

#include "base/text.h"
#include "report/text.h"

namespace posture {
namespace {

void print_heading(const Style& style, std::string_view title, std::ostream& out) {
  out << '\n' << style.rule() << '\n' << style.paint(Ink::bold, title) << '\n';
}

/// Outcomes that share a reason: reads that failed alike and leave the same checks open, or one check's message.
struct Group {
  std::set<std::uint32_t> gaps;  ///< indexes; none for those that say in words why
  std::string_view message;
  std::set<std::uint32_t> checks;
  std::set<std::uint32_t> objects;
};

/// By gap, or by check and message where there is none.
std::vector<Group> groups_of(const Assessment& assessment, State state) {
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::string_view>, Group> groups;
  for (const Outcome& outcome : assessment.outcomes) {
    if (outcome.state != state) continue;
    const bool no_gap = outcome.gap == kNoObject;
    Group& group = groups[{outcome.gap, no_gap ? outcome.check : 0, no_gap ? outcome.message : std::string_view()}];
    if (no_gap)
      group.message = outcome.message;
    else
      group.gaps.insert(outcome.gap);
    group.checks.insert(outcome.check);
    if (outcome.object != kNoObject) group.objects.insert(outcome.object);
  }
  std::vector<Group> list;
  list.reserve(groups.size());
  for (auto& [key, group] : groups) list.push_back(std::move(group));
  return list;
}

bool fail_alike(const Gap& a, const Gap& b) {
  return a.reason == b.reason && a.partial == b.partial && a.read_in == b.read_in;
}

/// Joins the groups of reads that failed alike and leave the same checks and no single object open.
std::vector<Group> joined(const Assessment& assessment, std::vector<Group> groups) {
  std::vector<Group> out;
  for (Group& group : groups) {
    const auto same = [&](const Group& other) {
      return !group.gaps.empty() && !other.gaps.empty() && other.checks == group.checks &&
             other.objects == group.objects &&
             fail_alike(assessment.gaps[*other.gaps.begin()], assessment.gaps[*group.gaps.begin()]);
    };
    const auto found = std::find_if(out.begin(), out.end(), same);
    if (found == out.end())
      out.push_back(std::move(group));
    else
      found->gaps.merge(group.gaps);
  }
  return out;
}

std::string read_of(const Gap& gap) {
  return escape_controls(gap.ns.empty() ? gap.resource : gap.resource + " in " + gap.ns);
}

/// "pods in shop, secrets: forbidden (what the server said to the first)".
std::string reason_of(const Report& report, const Group& group, const Style& style) {
  if (group.gaps.empty()) return group.message.empty() ? "no reason given" : escape_controls(group.message);
  std::vector<std::string> reads;
  reads.reserve(group.gaps.size());
  for (const std::uint32_t gap : group.gaps) reads.push_back(read_of(report.assessment.gaps[gap]));
  const Gap& first = report.assessment.gaps[*group.gaps.begin()];
  std::string text = list_within(style, reads, 4 * style.columns()) + (first.partial ? ": read in part, " : ": ");
  text += spoken(to_string(first.reason));
  if (!first.message.empty()) text += " (" + escape_controls(first.message) + ")";
  return text;
}

std::string ids_of(const Report& report, const Group& group) {
  std::string out;
  for (const std::uint32_t check : group.checks) out += (out.empty() ? "" : ", ") + report.catalog.checks[check].id;
  return escape_controls(out);
}

std::string objects_of(const Report& report, const Group& group, const Style& style) {
  std::vector<std::string> labels(group.objects.size());
  std::transform(group.objects.begin(), group.objects.end(), labels.begin(),
                 [&](std::uint32_t object) { return label_of(report.assessment.objects[object]); });
  return list_within(style, labels, 3 * (style.columns() - kLabelWidth - 4));
}

void print_group(const Report& report, const Style& style, const Group& group, std::ostream& out) {
  out << '\n';
  print(out, indented(style, reason_of(report, group, style), 2));
  print(out, labelled(style, group.checks.size() == 1 ? "check" : "checks", ids_of(report, group), 4));
  if (!group.objects.empty()) print(out, labelled(style, "objects", objects_of(report, group, style), 4));
}

}  // namespace

void write_open_outcomes(const Report& report, const Style& style, std::ostream& out) {
  static constexpr std::pair<State, const char*> kSections[] = {
      {State::not_assessed, "Not assessed"}, {State::waived, "Waived"}, {State::manual, "To be looked at by hand"}};
  for (const auto& [state, title] : kSections) {
    const std::vector<Group> groups = joined(report.assessment, groups_of(report.assessment, state));
    if (groups.empty()) continue;
    print_heading(style, title, out);
    for (const Group& group : groups) print_group(report, style, group, out);
  }
}

void write_passes(const Report& report, const Style& style, std::ostream& out) {
  if (report.assessment.passed.empty()) return;
  print_heading(style, "Passed", out);
  std::uint32_t last = kNoObject;
  for (const ObjectState& each : report.assessment.passed) {
    if (each.state != State::pass) continue;
    if (each.check != last) out << '\n' << "  " << escape_controls(report.catalog.checks[each.check].id) << '\n';
    last = each.check;
    out << "    " << style.middle(label_of(report.assessment.objects[each.object]), style.columns() - 4) << '\n';
  }
}

}  // namespace posture
