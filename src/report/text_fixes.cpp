// SPDX-License-Identifier: Apache-2.0
// What to mend first: the failing checks by severity and by the points the score would gain.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

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

/// The objects that fail a check, each once.
std::vector<const ObjectName*> failing_objects(const Assessment& assessment, std::uint32_t check) {
  std::vector<const ObjectName*> objects;
  for (const Outcome& outcome : outcomes_of(assessment, check)) {
    if (outcome.state != State::fail || outcome.object == kNoObject) continue;
    const ObjectName* object = &assessment.objects[outcome.object];
    if (objects.empty() || objects.back() != object) objects.push_back(object);
  }
  return objects;
}

/// Namespaces by failing objects, most first.
std::vector<std::string> namespaces_of(const std::vector<const ObjectName*>& objects) {
  std::map<std::string, std::size_t> counts;
  for (const ObjectName* object : objects) ++counts[object->ns];
  std::vector<std::pair<std::string, std::size_t>> ranked(counts.begin(), counts.end());
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> names(ranked.size());
  std::transform(ranked.begin(), ranked.end(), names.begin(), [](const auto& each) {
    return each.first.empty() ? std::string("the cluster") : escape_controls(each.first);
  });
  return names;
}

std::vector<std::string> labels_of(const std::vector<const ObjectName*>& objects) {
  std::vector<std::string> labels(objects.size());
  std::transform(objects.begin(), objects.end(), labels.begin(),
                 [](const ObjectName* object) { return label_of(*object); });
  return labels;
}

/// The one object, "3 objects in payments, shop", or "2 objects: ClusterRole/a, ClusterRole/b" where no namespace tells more.
std::string where(const Report& report, const CheckResult& result, const Style& style, std::size_t width) {
  const std::vector<const ObjectName*> objects = failing_objects(report.assessment, result.check);
  if (objects.size() == 1 && result.of(State::fail) == 1) return style.middle(label_of(*objects[0]), width);
  const bool named =
      std::all_of(objects.begin(), objects.end(), [](const ObjectName* object) { return object->ns.empty(); });
  const std::string lead = plural(result.of(State::fail), "object") + (named ? ": " : " in ");
  return style.end(lead + list_within(style, named ? labels_of(objects) : namespaces_of(objects),
                                      width - std::min(width, lead.size())),
                   width);
}

Lines fix_entry(const Report& report, const Style& style, const Fix& fix) {
  const CheckResult& result = report.checks[fix.result];
  const Check& check = report.catalog.checks[result.check];
  const std::size_t indent = 2 + kSeverityWidth + 2;
  const std::size_t title_width = style.columns() - indent - kPointsWidth;
  const std::string title = style.end(escape_controls(check.title), title_width);
  const std::string id = style.middle(escape_controls(check.id), style.columns() / 2);
  const std::size_t room = style.columns() - indent - display_width(id) - 2;
  return {"  " + style.paint(check.severity, pad_right(to_string(check.severity), kSeverityWidth)) + "  " +
              pad_right(title, title_width) + pad_left(points_text(fix.points), kPointsWidth),
          std::string(indent, ' ') + style.paint(Ink::cyan, id) + "  " +
              style.paint(Ink::dim, where(report, result, style, room))};
}

}  // namespace

std::vector<Fix> ranked_fixes(const Report& report) {
  const std::vector<double> points = points_to_gain(report.catalog, report.checks);
  std::vector<Fix> fixes;
  for (std::size_t i = 0; i < report.checks.size(); ++i) {
    if (report.checks[i].of(State::fail) > 0) fixes.push_back({i, points[i]});
  }
  const auto severity = [&](const Fix& fix) { return report.catalog.checks[report.checks[fix.result].check].severity; };
  std::stable_sort(fixes.begin(), fixes.end(), [&](const Fix& a, const Fix& b) {
    return severity(a) != severity(b) ? severity(a) > severity(b) : a.points > b.points;
  });
  return fixes;
}

Lines fix_lines(const Report& report, const Style& style, std::size_t room) {
  const std::vector<Fix> fixes = ranked_fixes(report);
  if (fixes.empty() || room < 3) return {};
  const std::size_t shown = std::min({fixes.size(), kMostFixes, (room - 1) / 2});
  Lines lines = {style.paint(Ink::bold, pad_right("Fix first", style.columns() - kPointsWidth)) +
                 style.paint(Ink::dim, pad_left("points", kPointsWidth))};
  for (std::size_t i = 0; i < shown; ++i) append(lines, fix_entry(report, style, fixes[i]));
  return lines;
}

}  // namespace posture
