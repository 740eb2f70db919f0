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

std::string_view json_member(std::string_view object, std::string_view key) {
  if (object.empty() || object[0] != '{') return {};
  object.remove_prefix(1);
  for (;;) {
    skip(object, kSpaceAndComma);
    if (object.empty() || object[0] != '"') return {};
    const bool found = json_text(object) == key;
    object.remove_prefix(json_value_size(object));
    skip(object, kSpaceAndColon);
    if (found) return object;
    object.remove_prefix(json_value_size(object));
  }
}

}  // namespace posture
