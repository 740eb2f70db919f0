// SPDX-License-Identifier: Apache-2.0
// How the text report looks: colours, signs, and lines that fit. Colour never says what no word says.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "posture/report.h"

namespace posture {

using Lines = std::vector<std::string>;

enum class Ink { plain, bold, dim, red, alarm, yellow, cyan, green };

/// Options, resolved to what the writers ask for.
class Style {
 public:
  explicit Style(const ReportOptions& options);
  std::size_t columns() const { return columns_; }
  std::string paint(Ink ink, std::string_view text) const;
  std::string paint(Severity severity, std::string_view text) const;
  const char* ellipsis() const { return unicode_ ? "…" : "..."; }
  const char* dot() const { return unicode_ ? " · " : ", "; }
  std::string rule() const;  ///< a line across the screen
  /// `low` to `high` of 100 as a bar of `width` signs: sure, open and lost parts differ also without colour.
  std::string bar(double low, double high, std::size_t width) const;
  std::string middle(std::string_view text, std::size_t width) const;  ///< shortened in the middle
  std::string end(std::string_view text, std::size_t width) const;     ///< shortened at the end

 private:
  std::size_t columns_;
  bool color_;
  bool unicode_;
};

/// Width of the labels on the left: "Cluster   ".
inline constexpr std::size_t kLabelWidth = 10;

/// `label` in bold, then `text` wrapped beside it, its lines aligned. `indent` stands before each.
Lines labelled(const Style& style, std::string_view label, std::string_view text, std::size_t indent = 0);
/// `text` wrapped to the screen behind `indent` spaces.
Lines indented(const Style& style, std::string_view text, std::size_t indent);

/// What is beside a label.
std::size_t room_beside_label(const Style& style);
/// `plain` texts joined by dots beside `label`, on as many lines as they need; shown as `painted`, which takes the same room.
Lines joined_lines(const Style& style, std::string_view label, const std::vector<std::string>& plain,
                   const std::vector<std::string>& painted);

/// As many of `parts` as fit into `width`, joined by commas, then "and 3 more". At least one, shortened if it must be.
std::string list_within(const Style& style, const std::vector<std::string>& parts, std::size_t width);

/// "payments/Deployment/api", or "ClusterRole/admin"; control characters escaped.
std::string label_of(const ObjectName& object);

/// Each of `texts`, escaped, in alphabetical order.
std::vector<std::string> sorted_and_escaped(const std::vector<std::string>& texts);

/// "not served" for "not-served": names of states and reasons as people read them.
std::string spoken(std::string_view name);

void append(Lines& lines, const Lines& more);
void print(std::ostream& out, const Lines& lines);

}  // namespace posture
