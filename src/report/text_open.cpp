// SPDX-License-Identifier: Apache-2.0
// What is neither pass nor fail: not assessed by what was missing, then waived and manual; and passes, when asked for.
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <tuple>

#include "base/text.h"
#include "report/text.h"

namespace posture {
namespace {

void print(std::ostream& out, const Lines& lines) {
  for (const std::string& line : lines) out << line << '\n';
}

void print_heading(const Style& style, std::string_view title, std::ostream& out) {
  out << '\n' << style.rule() << '\n' << style.paint(Ink::bold, title) << '\n';
}

/// Outcomes that share check and reason. `gap` is an index or kNoObject, `message` stands for those without a gap.
struct Group {
  std::set<std::uint32_t> checks;
  std::vector<std::uint32_t> objects;
};
using GroupKey = std::tuple<std::uint32_t, std::uint32_t, std::string_view>;  // gap, check (if no gap), message (if no gap)

std::map<GroupKey, Group> groups_of(const Assessment& assessment, State state) {
  std::map<GroupKey, Group> groups;
  for (const Outcome& outcome : assessment.outcomes) {
    if (outcome.state != state) continue;
    const bool no_gap = outcome.gap == kNoObject;
    const GroupKey key = {outcome.gap, no_gap ? outcome.check : 0, no_gap ? outcome.message : std::string_view()};
    Group& group = groups[key];
    group.checks.insert(outcome.check);
    if (outcome.object != kNoObject) group.objects.push_back(outcome.object);
  }
  return groups;
}

std::string reason_of(const Gap& gap) {
  std::string text = gap.resource;
  if (!gap.ns.empty()) text += " in namespace " + gap.ns;
  text += gap.partial ? ": read in part only, " : ": not read, ";
  std::string reason = to_string(gap.reason);
  for (char& letter : reason) letter = letter == '-' ? ' ' : letter;
  text += reason;
  if (!gap.message.empty()) text += " (" + gap.message + ")";
  return escape_controls(text);
}

std::string ids_of(const Report& report, const Group& group) {
  std::string out;
  for (const std::uint32_t check : group.checks) out += (out.empty() ? "" : ", ") + report.catalog.checks[check].id;
  return escape_controls(out);
}

std::string objects_of(const Report& report, const Group& group, const Style& style) {
  std::vector<std::string> labels;
  const std::uint32_t* last = nullptr;
  for (const std::uint32_t& object : group.objects) {
    if (last == nullptr || *last != object) labels.push_back(label_of(report.assessment.objects[object]));
    last = &object;
  }
  return list_within(style, labels, 3 * (style.columns() - kLabelWidth - 4));
}

void print_group(const Report& report, const Style& style, const std::pair<const GroupKey, Group>& entry, std::ostream& out) {
  const auto& [gap, check, message] = entry.first;
  const Group& group = entry.second;
  const std::string reason =
      gap != kNoObject ? reason_of(report.assessment.gaps[gap]) : escape_controls(message.empty() ? "no reason given" : message);
  out << '\n';
  print(out, indented(style, reason, 2));
  print(out, labelled(style, group.checks.size() == 1 ? "check" : "checks", ids_of(report, group), 4));
  if (!group.objects.empty()) print(out, labelled(style, "objects", objects_of(report, group, style), 4));
}

}  // namespace

void write_open_outcomes(const Report& report, const Style& style, std::ostream& out) {
  static constexpr std::pair<State, const char*> kSections[] = {
      {State::not_assessed, "Not assessed"}, {State::waived, "Waived"}, {State::manual, "To be looked at by hand"}};
  for (const auto& [state, title] : kSections) {
    const std::map<GroupKey, Group> groups = groups_of(report.assessment, state);
    if (groups.empty()) continue;
    print_heading(style, title, out);
    for (const auto& entry : groups) print_group(report, style, entry, out);
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
