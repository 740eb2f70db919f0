// SPDX-License-Identifier: Apache-2.0
// Who we are, kept fresh while a long scan runs: token files are read again, plugins asked again.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "posture/kubeconfig.h"
#include "source/client/oidc.h"

namespace posture {

/// How old a token read from a file may be: client-go's minute less its leeway.
inline constexpr std::chrono::seconds kTokenFileAge{50};

class Authorization {
 public:
  explicit Authorization(const Connection& connection, std::chrono::milliseconds max_age = kTokenFileAge,
                         LoginEvents events = {});

  /// To be called before each request: reads a token file that is due again; while it cannot be read, the last good
  /// value stays. Asks a plugin or an OpenID Connect issuer that was not asked or whose answer has expired, which may
  /// take its time, and throws Error(credentials) when it fails.
  void bring_up_to_date();
  /// "Bearer …", "Basic …", or "" where a client certificate, or nothing, speaks for us.
  std::string header() const;
  /// PEM, "" where there is none.
  const std::string& client_certificate() const { return credential_.client_certificate_pem; }
  const std::string& client_key() const { return credential_.client_key_pem; }

  /// When they end, where that is known.
  std::optional<std::chrono::system_clock::time_point> expires() const { return credential_.expires; }

  /// Counts the credentials there were so far.
  std::size_t generation() const { return generation_; }
  /// The server refused the credentials of this generation: gets new ones, unless that was done since. Whether there
  /// are others now. Throws as bring_up_to_date does.
  bool refresh(std::size_t refused);

 private:
  void read_token_file();
  void use(Credential credential);
  /// With the client certificate that stands beside the id token.
  void use_id_token(Credential credential);

  std::optional<CredentialPlugin> plugin_;
  std::optional<OidcTokens> oidc_;
  bool asked_ = false;  // the plugin or the issuer
  std::string token_file_;
  Credential credential_;
  std::string basic_;
  std::size_t generation_ = 0;
  std::chrono::milliseconds max_age_;
  std::function<bool()> stop_;
  std::chrono::steady_clock::time_point read_at_ = {};
  bool was_read_ = false;
};

}  // namespace posture
