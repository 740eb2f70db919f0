// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <ctime>

namespace posture {

std::string rfc3339(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text, size};
}

bool is_rfc3339(const std::string& text) {
  std::tm parsed{};
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parsed);
  return end != nullptr && *end == '\0' && text.size() == 20;
}

}  // namespace posture
