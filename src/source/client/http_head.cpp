// SPDX-License-Identifier: Apache-2.0
#include "source/client/http_head.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.h"
#include "posture/client.h"

namespace posture {
namespace {

constexpr std::size_t kMaxLocationBytes = 300;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<std::chrono::seconds> whole_seconds(std::string_view text) {
  std::uint32_t seconds = 0;
  const std::from_chars_result parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  return whole ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
}

/// The text of a quoted string at the front of `text`, which is taken off; nullopt where there is none.
std::optional<std::string> take_quoted(std::string_view& text) {
  if (text.empty() || text.front() != '"') return std::nullopt;
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return std::nullopt;
}

/// RFC 7234 section 5.5: `299 agent "text" ["date"], …`. Kubernetes uses no other code.
void note_warnings(std::string_view value, std::vector<std::string>& warnings) {
  while (warnings.size() < kMaxWarnings) {
    const std::size_t quote = value.find('"');
    if (quote == std::string_view::npos) return;
    const bool is_ours = value.substr(0, 4) == "299 ";
    value.remove_prefix(quote);
    const std::optional<std::string> text = take_quoted(value);
    if (!text) return;
    if (is_ours) warnings.push_back(printable(*text, kMaxWarningBytes));
    const std::size_t comma = value.find(',');
    value = comma == std::string_view::npos ? std::string_view() : trimmed(value.substr(comma + 1));
  }
}

}  // namespace

void note_header(std::string_view line, HttpHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = lower(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (name == "content-type") head.content_type = value;
  if (name == "content-encoding") head.packed = !value.empty() && value != "identity";
  if (name == "location") head.location = printable(value, kMaxLocationBytes);
  if (name == "warning") note_warnings(value, head.warnings);
  if (name == "retry-after") head.retry_after = whole_seconds(value);
}

}  // namespace posture
