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

class OidcTokens {
 public:
  /// `notice` is told what the user should know: that a new refresh token exists, which is not written down.
  OidcTokens(OidcLogin login, std::function<void(const std::string&)> notice)
      : login_(std::move(login)),
        notice_(std::move(notice)) {}

  /// The id token while it is good, else a new one. Throws Error(credentials) when there is none to be had.
  Credential current();
  /// A new one, whatever the old one says. Throws as current() does.
  Credential renewed();
  bool can_renew() const { return !login_.refresh_token.empty(); }

 private:
  OidcLogin login_;
  std::function<void(const std::string&)> notice_;
};

}  // namespace posture
