// SPDX-License-Identifier: Apache-2.0
#include "source/client/authorization.h"

#include <algorithm>
#include <fstream>
#include <utility>

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

bool is_expired(const Credential& credential) {
  return credential.expires && std::chrono::system_clock::now() > *credential.expires;
}

}  // namespace

Authorization::Authorization(const Connection& connection, std::chrono::milliseconds max_age, LoginEvents events)
    : plugin_(connection.plugin),
      token_file_(connection.token_file),
      credential_{connection.token, connection.client_certificate_pem, connection.client_key_pem, std::nullopt},
      max_age_(max_age),
      stop_(events.stop) {
  if (connection.oidc) oidc_.emplace(*connection.oidc, std::move(events));
  if (connection.username.empty() && connection.password.empty()) return;
  basic_ = encode_base64(connection.username + ":" + connection.password);
}

void Authorization::bring_up_to_date() {
  const auto now = std::chrono::steady_clock::now();
  if (!token_file_.empty() && (!was_read_ || now - read_at_ >= max_age_)) read_token_file();
  if (asked_ && !is_expired(credential_)) return;
  if (plugin_) use(run_plugin(*plugin_, stop_));
  if (oidc_) use_id_token(oidc_->current());
  asked_ = true;
}

std::string Authorization::header() const {
  if (!credential_.token.empty()) return "Bearer " + credential_.token;
  return basic_.empty() ? "" : "Basic " + basic_;
}

bool Authorization::refresh(std::size_t refused) {
  if (refused != generation_) return true;
  if (plugin_) use(run_plugin(*plugin_, stop_));
  if (oidc_ && oidc_->can_renew()) use_id_token(oidc_->renewed());
  if (!token_file_.empty()) read_token_file();
  return refused != generation_;
}

void Authorization::use(Credential credential) {
  const bool same = credential.token == credential_.token &&
                    credential.client_certificate_pem == credential_.client_certificate_pem &&
                    credential.client_key_pem == credential_.client_key_pem;
  if (!same) ++generation_;
  credential_ = std::move(credential);
}

void Authorization::use_id_token(Credential credential) {
  credential.client_certificate_pem = credential_.client_certificate_pem;
  credential.client_key_pem = credential_.client_key_pem;
  use(std::move(credential));
}

void Authorization::read_token_file() {
  read_at_ = std::chrono::steady_clock::now();
  was_read_ = true;
  Credential credential = credential_;
  credential.token = token_in(token_file_);
  if (!credential.token.empty()) use(std::move(credential));
}

}  // namespace posture
