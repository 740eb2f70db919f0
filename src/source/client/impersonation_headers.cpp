// SPDX-License-Identifier: Apache-2.0
#include "source/client/impersonation_headers.h"

#include <string_view>

namespace posture {
namespace {

bool is_token_character(unsigned char c) {
  constexpr std::string_view kOthers = "!#$&'*+-.^_`|~";  // and the percent sign, which escapes
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kOthers.find(static_cast<char>(c)) != std::string_view::npos;
}

std::string escaped(const std::string& key) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char each : key) {
    const auto c = static_cast<unsigned char>(each);
    if (is_token_character(c)) {
      out += each;
    } else {
      out.append("%").append(1, kDigits[c >> 4U]).append(1, kDigits[c & 15U]);
    }
  }
  return out;
}

std::string line(const std::string& name, const std::string& value) {
  return value.empty() ? name + ";" : name + ": " + value;
}

}  // namespace

std::vector<std::string> impersonation_headers(const Impersonation& whom) {
  std::vector<std::string> lines;
  if (whom.user.empty()) return lines;
  lines.push_back(line("Impersonate-User", whom.user));
  if (!whom.uid.empty()) lines.push_back(line("Impersonate-Uid", whom.uid));
  for (const std::string& group : whom.groups) lines.push_back(line("Impersonate-Group", group));
  for (const auto& [key, values] : whom.extra) {
    for (const std::string& value : values) lines.push_back(line("Impersonate-Extra-" + escaped(key), value));
  }
  return lines;
}

}  // namespace posture
