// SPDX-License-Identifier: Apache-2.0
// What to mend first: the failing checks by the points the score would gain.
#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"
#include "report/text.h"

namespace posture {
namespace {

constexpr std::size_t kMostFixes = 5;
constexpr std::size_t kSeverityWidth = 8;
constexpr std::size_t kPointsWidth = 8;

std::string points_text(double points) {
  if (points <= 0) return "-";
  if (points < 0.1) return "<0.1";
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "+%.1f", points);
  return text.data();
}

/// Namespaces by failing objects, most first; what has no namespace is named singly.
std::vector<std::string> places(const Report& report, std::uint32_t check) {
  std::vector<std::pair<std::uint64_t, std::string>> namespaces;
  std::vector<std::string> objects;
  const ObjectName* last = nullptr;
  for (const Outcome& outcome : outcomes_of(report.assessment, check)) {
    if (outcome.state != State::fail || outcome.object == kNoObject) continue;
    const ObjectName& object = report.assessment.objects[outcome.object];
    if (&object == last) continue;
    last = &object;
    if (object.ns.empty())
      objects.push_back(label_of(object));
    else if (!namespaces.empty() && namespaces.back().second == object.ns)
      ++namespaces.back().first;
    else
      namespaces.emplace_back(1, object.ns);
  }
  std::stable_sort(namespaces.begin(), namespaces.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> places;
  for (const auto& [count, ns] : namespaces) places.push_back(escape_controls(ns));
  places.insert(places.end(), objects.begin(), objects.end());
  return places;
}

std::string where(const Report& report, const CheckResult& result, const Style& style, std::size_t width) {
  if (result.of(State::fail) == 1) {
    for (const Outcome& outcome : outcomes_of(report.assessment, result.check)) {
      if (outcome.state != State::fail || outcome.object == kNoObject) continue;
      return style.middle(label_of(report.assessment.objects[outcome.object]), width);
    }
  }
  return list_within(style, places(report, result.check), width);
}

Lines heading(const Style& style, std::size_t objects_width) {
  const std::size_t rest = style.columns() - objects_width - kPointsWidth;
  return {style.paint(Ink::bold, pad_right("Fix first", rest)) +
          style.paint(Ink::dim, pad_left("objects", objects_width) + pad_left("points", kPointsWidth))};
}

Lines fix_entry(const Report& report, const Style& style, const Fix& fix, std::size_t objects_width) {
  const CheckResult& result = report.checks[fix.result];
  const Check& check = report.catalog.checks[result.check];
  const std::size_t indent = 2 + kSeverityWidth + 2;
  const std::size_t title_width = style.columns() - indent - objects_width - kPointsWidth;
  const std::string title = style.end(escape_controls(check.title), title_width);
  const std::string id = style.middle(escape_controls(check.id), style.columns() / 2);
  const std::size_t room = style.columns() - indent - display_width(id) - 4;
  return {"  " + style.paint(check.severity, pad_right(to_string(check.severity), kSeverityWidth)) + "  " +
              pad_right(title, title_width) + pad_left(with_separators(result.of(State::fail)), objects_width) +
              pad_left(points_text(fix.points), kPointsWidth),
          std::string(indent, ' ') + style.paint(Ink::cyan, id) + "  " +
              style.paint(Ink::dim, "in " + where(report, result, style, room - 1))};
}

}  // namespace

std::vector<Fix> fixes_by_gain(const Report& report) {
  const std::vector<double> points = points_to_gain(report.catalog, report.checks);
  std::vector<Fix> fixes;
  for (std::size_t i = 0; i < report.checks.size(); ++i) {
    if (report.checks[i].of(State::fail) > 0) fixes.push_back({i, points[i]});
  }
  const auto severity = [&](const Fix& fix) { return report.catalog.checks[report.checks[fix.result].check].severity; };
  const auto failing = [&](const Fix& fix) { return report.checks[fix.result].of(State::fail); };
  std::stable_sort(fixes.begin(), fixes.end(), [&](const Fix& a, const Fix& b) {
    if (a.points != b.points) return a.points > b.points;
    if (severity(a) != severity(b)) return severity(a) > severity(b);
    return failing(a) > failing(b);
  });
  return fixes;
}

Lines fix_lines(const Report& report, const Style& style, std::size_t room) {
  const std::vector<Fix> fixes = fixes_by_gain(report);
  if (fixes.empty() || room < 3) return {};
  const std::size_t shown = std::min({fixes.size(), kMostFixes, (room - 1) / 2});
  std::size_t objects_width = std::string_view("objects").size() + 1;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string count = with_separators(report.checks[fixes[i].result].of(State::fail));
    objects_width = std::max(objects_width, count.size() + 1);
  }
  Lines lines = heading(style, objects_width);
  for (std::size_t i = 0; i < shown; ++i) append(lines, fix_entry(report, style, fixes[i], objects_width));
  return lines;
}

}  // namespace posture
