// SPDX-License-Identifier: Apache-2.0
// The Authorization header, kept fresh while a long scan runs.
#pragma once

#include <chrono>
#include <string>

#include "posture/kubeconfig.h"

namespace posture {

/// How old a token read from a file may be: client-go's minute less its leeway.
inline constexpr std::chrono::seconds kTokenFileAge{50};

class Authorization {
 public:
  explicit Authorization(const Connection& connection, std::chrono::milliseconds max_age = kTokenFileAge);

  /// "Bearer …", "Basic …", or "" where a client certificate, or nothing, speaks for us. Reads the token file again
  /// when the last value is too old; while it cannot be read, the last good value stays. Never throws.
  std::string header();
  /// The server refused us: reads the token file now. Whether that brought another value.
  bool refresh();

 private:
  void read_token_file();

  std::string token_file_;
  std::string token_;
  std::string basic_;
  std::chrono::milliseconds max_age_;
  std::chrono::steady_clock::time_point read_at_ = {};
  bool was_read_ = false;
};

}  // namespace posture
