// SPDX-License-Identifier: Apache-2.0
// OpenID Connect, as client-go's legacy provider speaks it: an id token, renewed at the issuer when it has expired.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "posture/kubeconfig.h"

namespace posture {

/// How long before its end an id token is renewed (client-go's number).
inline constexpr std::chrono::seconds kOidcLeeway{10};

/// What whoever logs in tells and asks; both may be empty.
struct LoginEvents {
  std::function<void(const std::string&)> notice;  ///< what the user should know
  std::function<bool()> stop;                      ///< asked many times a second; true: no more waiting
};

class OidcTokens {
 public:
  /// Of a new refresh token, which is not written down, `events` are told.
  OidcTokens(OidcLogin login, LoginEvents events) : login_(std::move(login)), events_(std::move(events)) {}

  /// The id token while it is good, else a new one. Throws Error(credentials) when there is none to be had, and
  /// Error(stopped).
  Credential current();
  /// A new one, whatever the old one says. Throws as current() does.
  Credential renewed();
  bool can_renew() const { return !login_.refresh_token.empty(); }

 private:
  OidcLogin login_;
  LoginEvents events_;
};

}  // namespace posture
