// SPDX-License-Identifier: Apache-2.0
#include "source/client/authorization.h"

#include <algorithm>
#include <fstream>

#include "base/base64.h"

namespace posture {
namespace {

constexpr std::size_t kMaxTokenBytes = 64 * 1024;

/// The one word in the file; "" when there is none, or more.
std::string token_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kMaxTokenBytes, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  const std::string token = bytes.substr(first, bytes.find_last_not_of(" \t\r\n") - first + 1);
  const bool one_word = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c != 0x7f; });
  return one_word ? token : "";
}

}  // namespace

Authorization::Authorization(const Connection& connection, std::chrono::milliseconds max_age)
    : token_file_(connection.token_file),
      token_(connection.token),
      max_age_(max_age) {
  if (connection.username.empty() && connection.password.empty()) return;
  basic_ = encode_base64(connection.username + ":" + connection.password);
}

std::string Authorization::header() {
  const auto now = std::chrono::steady_clock::now();
  if (!token_file_.empty() && (!was_read_ || now - read_at_ >= max_age_)) read_token_file();
  if (!token_.empty()) return "Bearer " + token_;
  return basic_.empty() ? "" : "Basic " + basic_;
}

bool Authorization::refresh() {
  if (token_file_.empty()) return false;
  const std::string before = token_;
  read_token_file();
  return token_ != before;
}

void Authorization::read_token_file() {
  read_at_ = std::chrono::steady_clock::now();
  was_read_ = true;
  if (std::string token = token_in(token_file_); !token.empty()) token_ = std::move(token);
}

}  // namespace posture
