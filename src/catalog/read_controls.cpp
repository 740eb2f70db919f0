// SPDX-License-Identifier: Apache-2.0
#include "catalog/read.h"

namespace posture {

namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Control read_control(std::string_view line, const std::string& where) {
  const std::vector<std::string_view> cells = split(line, '\t');
  if (cells.size() != 5) throw Error(ErrorKind::input, where + ": expected 5 tab-separated columns");
  return {std::string(cells[0]), std::string(cells[1]), std::string(cells[2]), std::string(cells[3]),
          parse_severity(cells[4], where)};
}

}  // namespace

std::vector<Control> read_controls(std::string_view text, const std::string& file) {
  std::vector<Control> controls;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (number > 1 && !line.empty()) controls.push_back(read_control(line, file + ":" + std::to_string(number)));
  }
  return controls;
}

}  // namespace posture
