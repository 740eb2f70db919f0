// SPDX-License-Identifier: Apache-2.0
#include "cel/syntax/problem.h"

#include <algorithm>

#include "cel/limits.h"
#include "cel/value/text.h"

namespace posture::cel {

Problem problem_at(std::size_t offset, std::string message, std::string_view source) {
  const std::string_view before = source.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  Problem problem;
  problem.offset = offset;
  problem.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  problem.column = 1 + count_code_points(before.substr(line_start));
  problem.message = std::move(message);
  return problem;
}

void Problems::add(std::size_t offset, std::string message) {
  if (list_.size() < kMaxProblems) list_.push_back(problem_at(offset, std::move(message), source_));
}

std::vector<Problem> Problems::take() {
  std::stable_sort(list_.begin(), list_.end(), [](const Problem& a, const Problem& b) { return a.offset < b.offset; });
  return std::move(list_);
}

std::string describe(const Problem& problem, std::string_view source) {
  const std::size_t start = source.substr(0, problem.offset).rfind('\n') + 1;
  std::string_view line = source.substr(start, source.find('\n', start) - start);
  std::string caret;
  for (std::size_t at = start; at < problem.offset && at < source.size(); ++at) {
    if ((static_cast<unsigned char>(source[at]) & 0xC0u) != 0x80u) caret += source[at] == '\t' ? '\t' : ' ';
  }
  return problem.message + "\n" + std::string(line) + "\n" + caret + "^";
}

}  // namespace posture::cel
