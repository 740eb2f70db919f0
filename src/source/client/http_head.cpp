// SPDX-License-Identifier: Apache-2.0
#include "source/client/http_head.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.h"

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

}  // namespace

void note_header(std::string_view line, HttpHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = lower(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (name == "content-type") head.content_type = value;
  if (name == "content-encoding") head.packed = !value.empty() && value != "identity";
  if (name == "location") head.location = printable(value, kMaxLocationBytes);
  if (name == "retry-after") head.retry_after = whole_seconds(value);
}

}  // namespace posture
