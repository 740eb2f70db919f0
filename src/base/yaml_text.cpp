// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "base/utf8.h"
#include "posture/error.h"

namespace posture {
namespace {

/// Where offset `at` is, for errors found before parsing.
YamlMark mark_at(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1, at - line_start + 1};
}

// yaml-cpp takes byte 4 for the end of the text and passes the rest through: what would be cut or shown raw is refused
// here.
void check(std::string_view text, const std::string& file) {
  if (text.size() > kMaxYamlBytes) {
    throw Error(ErrorKind::input, "the file is larger than " + std::to_string(kMaxYamlBytes >> 20) + " MiB", file);
  }
  const std::size_t valid = valid_utf8_prefix(text);
  if (valid < text.size()) refuse_yaml(file, "bad YAML: not UTF-8", mark_at(text, valid));
  const auto is_control = [](char c) {
    return (c >= 0 && c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
  };
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control == text.end()) return;
  refuse_yaml(file, "bad YAML: a control character", mark_at(text, static_cast<std::size_t>(control - text.begin())));
}

std::optional<std::uint32_t> surrogate(std::string_view text, std::size_t at, std::uint32_t least) {
  if (text.size() < at + 6 || text.substr(at, 2) != "\\u") return std::nullopt;
  std::uint32_t code = 0;
  const std::from_chars_result parsed = std::from_chars(text.data() + at + 2, text.data() + at + 6, code, 16);
  const bool whole = parsed.ptr == text.data() + at + 6 && parsed.ec == std::errc();
  return whole && code >= least && code < least + 0x400 ? std::optional(code - least) : std::nullopt;
}

/// JSON writes runes beyond the first plane as a pair of escapes, which YAML does not know: one YAML escape instead.
std::string join_surrogates(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2)) {
    const std::optional<std::uint32_t> high = surrogate(text, at, 0xd800);
    const std::optional<std::uint32_t> low = high ? surrogate(text, at + 6, 0xdc00) : std::nullopt;
    if (!low) continue;
    std::array<char, 16> escape;
    std::snprintf(escape.data(), escape.size(), "\\U%08X", 0x10000 + (*high << 10) + *low);
    out.append(text, copied, at - copied).append(escape.data());
    copied = at + 12;
  }
  return out.append(text, copied);
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

void refuse_yaml(const std::string& file, const std::string& message, const YamlMark& mark) {
  throw Error(ErrorKind::input, message, file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column));
}

std::string yaml_bytes(std::string_view text, const std::string& file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
  check(text, file);
  return is_json(text) ? join_surrogates(text) : std::string(text);
}

}  // namespace posture
