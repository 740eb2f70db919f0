// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_place.h"

#include <algorithm>

namespace posture {

namespace {

bool is_space(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }
bool is_continuation(char letter) { return (static_cast<unsigned char>(letter) & 0xC0u) == 0x80u; }

std::size_t solid_characters(std::string_view text) {
  const auto is_solid = [](char c) { return !is_space(c) && !is_continuation(c); };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_solid));
}

/// Walks the written form of a scalar, one character of its value at a time.
class ScalarText {
 public:
  ScalarText(std::string_view yaml, std::size_t at) : yaml_(yaml), at_(at), style_(at < yaml.size() ? yaml[at] : '\0') {
    if (style_ == '\'' || style_ == '"') ++at_;
    if (style_ == '|' || style_ == '>') at_ = std::min(yaml_.find('\n', at_), yaml_.size());
    skip_space();
  }

  std::size_t at() const { return at_; }
  void next() {
    if (at_ < yaml_.size()) at_ += written();
    while (at_ < yaml_.size() && is_continuation(yaml_[at_])) ++at_;
    skip_space();
  }

 private:
  std::size_t written() const {
    if (style_ == '\'' && yaml_.substr(at_, 2) == "''") return 2;
    if (style_ != '"' || yaml_[at_] != '\\' || at_ + 1 == yaml_.size()) return 1;
    switch (yaml_[at_ + 1]) {
      case 'x': return 4;
      case 'u': return 6;
      case 'U': return 10;
      default: return 2;
    }
  }
  /// Escaped white space of double quotes is white space of the value, too.
  void skip_space() {
    for (;;) {
      while (at_ < yaml_.size() && is_space(yaml_[at_])) ++at_;
      const bool is_escaped = style_ == '"' && at_ + 1 < yaml_.size() && yaml_[at_] == '\\' &&
                              std::string_view("nrt \n").find(yaml_[at_ + 1]) != std::string_view::npos;
      if (!is_escaped) return;
      at_ += 2;
    }
  }

  std::string_view yaml_;
  std::size_t at_;
  char style_;
};

std::size_t line_start(std::string_view text, std::size_t line) {
  std::size_t start = 0;
  for (std::size_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) return text.size();
    start = end + 1;
  }
  return start;
}

}  // namespace

std::string_view line_of(std::string_view text, std::size_t line) {
  const std::size_t start = line_start(text, line);
  const std::string_view found = text.substr(start, text.find('\n', start) - start);
  return found.ends_with('\r') ? found.substr(0, found.size() - 1) : found;
}

YamlMark place_in_scalar(std::string_view yaml, YamlMark start, std::string_view value, std::size_t offset) {
  ScalarText scalar(yaml, std::min(line_start(yaml, start.line) + start.column - 1, yaml.size()));
  for (std::size_t left = solid_characters(value.substr(0, offset)); left > 0; --left) scalar.next();
  const std::string_view before = yaml.substr(0, scalar.at());
  const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  const auto characters = std::count_if(line.begin(), line.end(), [](char c) { return !is_continuation(c); });
  return {1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
          1 + static_cast<std::size_t>(characters)};
}

}  // namespace posture
