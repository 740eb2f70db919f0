// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/auth_provider.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/text.h"
#include "kubeconfig/credentials.h"
#include "kubeconfig/proxy.h"
#include "kubeconfig/server_url.h"
#include "kubeconfig/small_file.h"
#include "kubeconfig/system_roots.h"
#include "posture/error.h"

namespace posture {
namespace {

/// What kubectl had until 1.25, and what took its place.
struct GoneRow {
  std::string_view name;
  const char* instead;
};
constexpr std::array kGone = {
    GoneRow{"gcp", "install gke-gcloud-auth-plugin and run gcloud container clusters get-credentials again"},
    GoneRow{"azure", "install kubelogin and run kubelogin convert-kubeconfig"},
};

/// An entry, read by key.
struct Provider {
  const AuthProviderEntry& entry;
  std::string user;

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::config, "the auth-provider of user \"" + printable(user, 100) + "\" " + what, entry.place);
  }
  std::string text(const std::string& key) const {
    const auto found = entry.config.find(key);
    return found == entry.config.end() ? "" : found->second;
  }
  std::string required(const std::string& key) const {
    if (text(key).empty()) refuse("has no " + key + "; log in again to have it written");
    return text(key);
  }
};

std::string trusted_by(const Provider& provider, const ConnectionOptions& options) {
  const std::string field = "idp-certificate-authority";
  if (const std::string data = provider.text(field + "-data"); !data.empty()) {
    const std::optional<std::string> pem = decode_base64(data);
    if (!pem) provider.refuse("has an " + field + "-data that is not valid base64");
    return trusted_certificates(*pem, field + "-data", provider.entry.place);
  }
  const std::string path = provider.text(field);
  if (path.empty()) return system_roots(options);
  return trusted_certificates(require_small_file(path, kMaxPemBytes, field), field, path);
}

void require_oidc(const Provider& provider) {
  const std::string& name = provider.entry.name;
  if (name == "oidc") return;
  const auto* gone = std::find_if(kGone.begin(), kGone.end(), [&](const GoneRow& row) { return row.name == name; });
  if (gone != kGone.end()) { provider.refuse("is " + name + ", which kubectl no longer has either; " + gone->instead); }
  provider.refuse("is \"" + printable(name, 100) + "\", which is unknown; only oidc is known");
}

}  // namespace

AuthProviderEntry read_auth_provider(const FieldReader& reader, Value body) {
  reader.check_type(body, ValueType::map, "auth-provider");
  AuthProviderEntry entry;
  entry.place = reader.place(body);
  entry.name = reader.text(body["name"], "name");
  reader.check_type(body["config"], ValueType::map, "config");
  for (const Member& member : body["config"].members()) {
    entry.config.emplace(member.key, reader.text(Value(&member.node), member.key));
  }
  return entry;
}

OidcLogin oidc_login(const AuthProviderEntry& entry, const std::string& user, const ConnectionOptions& options) {
  const Provider provider{entry, user};
  require_oidc(provider);
  OidcLogin login;
  login.place = entry.place;
  login.issuer = normal_server_url(provider.required("idp-issuer-url"), entry.place);
  if (is_plain_http(login.issuer)) provider.refuse("has an idp-issuer-url that is plain http://; use https://");
  login.client_id = provider.required("client-id");
  login.client_secret = provider.text("client-secret");
  login.id_token = provider.text("id-token");
  login.refresh_token = provider.text("refresh-token");
  if (!is_header_text(login.id_token)) provider.refuse("has an id-token with white space or control characters in it");
  login.ca_pem = trusted_by(provider, options);
  login.proxy_to = [options](const std::string& server) { return environment_proxy(options, server); };
  return login;
}

}  // namespace posture
