// SPDX-License-Identifier: Apache-2.0
// The legacy `auth-provider` of a user entry (client-go plugin/pkg/client/auth): OpenID Connect, and those that are gone.
#pragma once

#include <map>
#include <string>

#include "kubeconfig/field_reader.h"
#include "posture/kubeconfig.h"

namespace posture {

struct AuthProviderEntry {
  std::string place;  ///< "file:line:column"
  std::string name;
  std::map<std::string, std::string> config;
};

/// Throws Error(config) on a field of another type.
AuthProviderEntry read_auth_provider(const FieldReader& reader, Value body);

/// Throws Error(config) on every provider but oidc, naming what took the place of those that kubectl once had, and on an
/// oidc that lacks issuer or client.
OidcLogin oidc_login(const AuthProviderEntry& entry, const std::string& user, const ConnectionOptions& options);

}  // namespace posture
