// SPDX-License-Identifier: Apache-2.0
#include "cel/value/regex.h"

#include <re2/re2.h>

namespace posture::cel {
namespace {

constexpr std::int64_t kPatternMemory = 8 << 20;

re2::RE2::Options options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// Go's regexp lacks \C (any byte), which RE2 would take.
bool has_any_byte(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    if (text[i + 1] == 'C') return true;
    ++i;
  }
  return false;
}

// Go's (?<name>…) in the spelling that RE2 of 2022 knows: (?P<name>…).
std::string with_old_names(std::string_view text) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\\' && i + 1 < text.size()) {
      out += text[++i];
    } else if (text[i] == '[' && !in_class) {
      in_class = true;
      if (i + 1 < text.size() && text[i + 1] == '^') out += text[++i];
      if (i + 1 < text.size() && text[i + 1] == ']') out += text[++i];
    } else if (text[i] == ']') {
      in_class = false;
    } else if (!in_class && text.substr(i, 3) == "(?<") {
      out += "?P<";
      i += 2;
    }
  }
  return out;
}

}  // namespace

Pattern::Pattern(std::string_view text) {
  if (!has_any_byte(text)) regex_ = std::make_unique<re2::RE2>(with_old_names(text), options());
}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;

std::string Pattern::error() const {
  if (regex_ == nullptr) return "error parsing regexp: invalid escape sequence: `\\C`";
  return regex_->ok() ? std::string() : "error parsing regexp: " + regex_->error();
}

bool Pattern::matches(std::string_view text) const { return re2::RE2::PartialMatch(piece(text), *regex_); }

bool Pattern::find(std::string_view text, std::size_t start, std::string_view& match) const {
  re2::StringPiece found;
  if (!regex_->Match(piece(text), start, text.size(), re2::RE2::UNANCHORED, &found, 1)) return false;
  match = {found.data(), found.size()};
  return true;
}

std::string pattern_error(std::string_view text) { return Pattern(text).error(); }

}  // namespace posture::cel
