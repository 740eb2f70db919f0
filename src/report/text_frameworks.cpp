// SPDX-License-Identifier: Apache-2.0
// Frameworks on the first screen: one line each, requirements counted by state.
#include <algorithm>

#include "base/text.h"
#include "report/text.h"

namespace posture {
namespace {

constexpr std::size_t kMostFrameworks = 3;

/// A column of counts under a title of two lines.
struct Column {
  const char* upper;
  const char* lower;
  std::vector<RequirementState> states;
};

/// In the order in which they matter; the last ones are merged where the screen is too narrow.
std::vector<Column> columns_in_use(const Report& report) {
  static const Column kColumns[] = {{"", "fail", {RequirementState::fail}},
                                    {"", "pass", {RequirementState::pass}},
                                    {"not", "assessed", {RequirementState::not_assessed}},
                                    {"", "waived", {RequirementState::waived}},
                                    {"", "manual", {RequirementState::manual}},
                                    {"node", "only", {RequirementState::node_only}},
                                    {"not", "covered", {RequirementState::not_covered}},
                                    {"not", "applicable", {RequirementState::not_applicable}},
                                    {"out of", "scope", {RequirementState::out_of_scope}}};
  std::vector<Column> used;
  for (const Column& column : kColumns) {
    const auto occurs = [&](const FrameworkResult& each) { return each.count(column.states[0]) > 0; };
    if (std::any_of(report.frameworks.begin(), report.frameworks.end(), occurs)) used.push_back(column);
  }
  return used;
}

std::size_t width_of(const Column& column) {
  return std::max({std::string_view(column.upper).size(), std::string_view(column.lower).size(), std::size_t{4}}) + 2;
}

std::size_t width_of(const std::vector<Column>& columns) {
  std::size_t width = 0;
  for (const Column& column : columns) width += width_of(column);
  return width;
}

void merge_last_two(std::vector<Column>& columns) {
  const std::vector<RequirementState> last = columns.back().states;
  columns.pop_back();
  columns.back().upper = "";
  columns.back().lower = "other";
  columns.back().states.insert(columns.back().states.end(), last.begin(), last.end());
}

std::string name_of(const FrameworkResult& result) {
  return escape_controls(result.framework->id) + " (" + std::to_string(result.requirements.size()) + ")";
}

std::string line_of(const FrameworkResult& result, const std::vector<Column>& columns) {
  std::string line;
  for (const Column& column : columns) {
    std::size_t count = 0;
    for (const RequirementState state : column.states) count += result.count(state);
    line += pad_left(std::to_string(count), width_of(column));
  }
  return line;
}

}  // namespace

Lines framework_lines(const Report& report, const Style& style) {
  const std::size_t shown = std::min(report.frameworks.size(), kMostFrameworks);
  if (shown == 0) return {};
  std::size_t name_width = std::string_view("Frameworks").size();
  for (std::size_t i = 0; i < shown; ++i) {
    name_width = std::max(name_width, display_width(name_of(report.frameworks[i])) + 2);
  }
  name_width = std::min(name_width, style.columns() / 2);
  std::vector<Column> columns = columns_in_use(report);
  while (columns.size() > 1 && name_width + width_of(columns) > style.columns()) merge_last_two(columns);
  std::string upper, lower;
  for (const Column& column : columns) {
    upper += pad_left(column.upper, width_of(column));
    lower += pad_left(column.lower, width_of(column));
  }
  upper.erase(upper.find_last_not_of(' ') + 1);
  Lines lines = {style.paint(Ink::bold, pad_right("Frameworks", name_width)) + style.paint(Ink::dim, lower)};
  if (!upper.empty()) lines.insert(lines.begin(), std::string(name_width, ' ') + style.paint(Ink::dim, upper));
  for (std::size_t i = 0; i < shown; ++i) {
    const FrameworkResult& result = report.frameworks[i];
    lines.push_back(pad_right("  " + style.middle(name_of(result), name_width - 2), name_width) +
                    line_of(result, columns));
  }
  return lines;
}

}  // namespace posture
