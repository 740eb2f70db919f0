// SPDX-License-Identifier: Apache-2.0
#include "report/style.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include "base/text.h"

namespace posture {
namespace {

constexpr std::size_t kLeastColumns = 60;

constexpr std::array<const char*, 8> kInkCodes = {"", "1", "2", "31", "1;31", "33", "36", "32"};

constexpr std::array<Ink, kSeverities> kSeverityInks = {Ink::dim, Ink::cyan, Ink::yellow, Ink::red, Ink::alarm};

std::string repeat(std::string_view sign, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += sign;
  return out;
}

}  // namespace

Style::Style(const ReportOptions& options)
    : columns_(std::max(options.columns, kLeastColumns)),
      color_(options.color),
      unicode_(options.unicode) {}

std::string Style::paint(Ink ink, std::string_view text) const {
  const char* code = kInkCodes[static_cast<std::size_t>(ink)];
  if (!color_ || text.empty() || *code == '\0') return std::string(text);
  return std::string("\x1b[") + code + 'm' + std::string(text) + "\x1b[0m";
}

std::string Style::paint(Severity severity, std::string_view text) const {
  return paint(kSeverityInks[static_cast<std::size_t>(severity)], text);
}

std::string Style::rule() const { return paint(Ink::dim, repeat(unicode_ ? "─" : "-", columns_)); }

std::string Style::bar(double low, double high, std::size_t width) const {
  const auto cells = [&](double share) {
    return static_cast<std::size_t>(std::floor(share / 100 * static_cast<double>(width)));
  };
  const std::size_t sure = cells(low);
  const std::size_t open = cells(high) - sure;
  const Ink ink = low >= 80 ? Ink::green : low >= 50 ? Ink::yellow : Ink::red;
  return paint(ink, repeat(unicode_ ? "█" : "#", sure)) + paint(Ink::dim, repeat(unicode_ ? "▒" : "?", open)) +
         paint(Ink::dim, repeat(unicode_ ? "░" : ".", width - sure - open));
}

std::string Style::middle(std::string_view text, std::size_t width) const {
  return shorten_middle(text, width, ellipsis());
}

std::string Style::end(std::string_view text, std::size_t width) const { return shorten_end(text, width, ellipsis()); }

Lines labelled(const Style& style, std::string_view label, std::string_view text, std::size_t indent) {
  Lines lines = wrap(text, style.columns() - indent - kLabelWidth);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string head = pad_right(i == 0 ? label : "", kLabelWidth);
    lines[i] = std::string(indent, ' ') + (i == 0 ? style.paint(Ink::bold, head) : head) + lines[i];
  }
  return lines;
}

Lines indented(const Style& style, std::string_view text, std::size_t indent) {
  Lines lines = wrap(text, style.columns() - indent);
  for (std::string& line : lines) line.insert(0, indent, ' ');
  return lines;
}

std::size_t room_beside_label(const Style& style) { return style.columns() - kLabelWidth; }

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

std::string list_within(const Style& style, const std::vector<std::string>& parts, std::size_t width) {
  const auto more = [&](std::size_t shown) {
    return shown < parts.size() ? " and " + with_separators(parts.size() - shown) + " more" : std::string();
  };
  std::string out;
  std::size_t shown = 0;
  while (shown < parts.size()) {
    const std::string longer = out + (shown > 0 ? ", " : "") + parts[shown];
    if (display_width(longer + more(shown + 1)) > width) break;
    out = longer;
    ++shown;
  }
  if (shown > 0 || parts.empty()) return out + more(shown);
  const std::string rest = more(1);
  return style.middle(parts[0], width - std::min(width, rest.size())) + rest;
}

std::string label_of(const ObjectName& object) {
  std::string label = object.ns;
  if (!label.empty()) label.push_back('/');
  label += object.kind;
  if (!object.name.empty() && object.name != object.kind) label.append("/").append(object.name);
  return escape_controls(label);
}

std::vector<std::string> sorted_and_escaped(const std::vector<std::string>& texts) {
  std::vector<std::string> out(texts.size());
  std::transform(texts.begin(), texts.end(), out.begin(),
                 [](const std::string& text) { return escape_controls(text); });
  std::sort(out.begin(), out.end());
  return out;
}

std::string spoken(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

void print(std::ostream& out, const Lines& lines) {
  for (const std::string& line : lines) out << line << '\n';
}

void append(Lines& lines, const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

}  // namespace posture
