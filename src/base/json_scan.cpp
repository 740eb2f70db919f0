// SPDX-License-Identifier: Apache-2.0
#include "base/json_scan.h"

#include <algorithm>

#include "base/json_end.h"

namespace posture {

namespace {

constexpr std::string_view kSpaceAndComma = " \t\r\n,";
constexpr std::string_view kSpaceAndColon = " \t\r\n:";

void skip(std::string_view& text, std::string_view characters) {
  std::size_t at = 0;
  while (at < text.size() && characters.find(text[at]) != std::string_view::npos) ++at;
  text.remove_prefix(at);
}

/// Of the string with which `text` begins; npos when it is not in there.
std::size_t closing_quote(std::string_view text) {
  std::size_t quote = 0;
  std::size_t backslashes = 0;
  do {
    quote = text.find('"', quote + 1);
    if (quote == std::string_view::npos) return quote;
    for (backslashes = 0; text[quote - backslashes - 1] == '\\';) ++backslashes;
  } while (backslashes % 2 == 1);
  return quote;
}

}  // namespace

std::size_t json_value_size(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == '"') {
    const std::size_t quote = closing_quote(text);
    return quote == std::string_view::npos ? text.size() : quote + 1;
  }
  if (text[0] != '{' && text[0] != '[') return std::min(text.find_first_of(",}]"), text.size());
  const std::size_t end = JsonEndFinder().find(text.substr(1));
  return end == JsonEndFinder::kNotYet ? text.size() : end + 1;
}

std::string_view json_text(std::string_view text) {
  if (text.empty() || text[0] != '"') return {};
  const std::size_t quote = closing_quote(text);
  return quote == std::string_view::npos ? std::string_view() : text.substr(1, quote - 1);
}

JsonMembers::JsonMembers(std::string_view text) {
  if (text.starts_with('{')) rest_ = text.substr(1);
}

std::string_view JsonMembers::value() {
  if (value_size_ == 0) value_size_ = json_value_size(rest_);
  return rest_.substr(0, value_size_);
}

void JsonMembers::skip_value(const JsonMembers& inner) {
  if (!inner.rest_.starts_with('}')) return;
  value_size_ = static_cast<std::size_t>(inner.rest_.data() - rest_.data()) + 1;
}

bool JsonMembers::next() {
  if (has_value_) rest_.remove_prefix(value().size());
  has_value_ = false;
  value_size_ = 0;
  skip(rest_, kSpaceAndComma);
  if (!rest_.starts_with('"')) return false;
  key_ = json_text(rest_);
  rest_.remove_prefix(json_value_size(rest_));
  skip(rest_, kSpaceAndColon);
  has_value_ = true;
  return true;
}

std::string_view json_member(std::string_view object, std::string_view key) {
  for (JsonMembers members(object); members.next();) {
    if (members.key() == key) return members.from_value();
  }
  return {};
}

}  // namespace posture
