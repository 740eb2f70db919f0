// SPDX-License-Identifier: Apache-2.0
#include "source/client/oidc.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/jwt.h"
#include "base/text.h"
#include "posture/error.h"
#include "source/client/request_path.h"
#include "source/client/transport.h"

namespace posture {
namespace {

using Stop = std::function<bool()>;

using std::chrono::system_clock;

constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20;
constexpr const char* kDiscovery = "/.well-known/openid-configuration";

[[noreturn]] void refuse(const OidcLogin& login, const std::string& what) {
  throw Error(ErrorKind::credentials, "OpenID Connect at " + printable(login.issuer) + ": " + what + "; log in again",
              login.place);
}

/// One answer, tried once.
struct Once : Exchange {
  HttpHead answer;
  std::string content;
  TransferEnd how;
  bool ended = false;

  void head(const HttpHead& head) override { answer = head; }
  bool body(std::string_view chunk) override {
    content.append(chunk);
    return content.size() <= kMaxAnswerBytes;
  }
  void end(const TransferEnd& end) override {
    how = end;
    ended = true;
  }
};

/// The start of `url` up to its path; "" when it is no https URL that we would send a secret to.
std::string origin_of(const std::string& url) {
  const std::string scheme = "https://";
  const std::size_t path = std::min(url.find_first_of("/?#", scheme.size()), url.size());
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
  if (!url.starts_with(scheme) || path == scheme.size() || !plain) return "";
  return url.substr(0, path).find('@') == std::string::npos ? url.substr(0, path) : "";
}

/// A secret: who we are before the issuer.
struct Client {
  std::string id;
  std::string secret;
};

Once ask(const OidcLogin& login, const std::string& url, const std::string& form, const Client& client,
         const Stop& stop) {
  Connection connection;
  connection.server = origin_of(url);
  if (connection.server.empty()) refuse(login, "it names an address that is no https URL");
  connection.ca_pem = login.ca_pem;
  connection.username = client.id;
  connection.password = client.secret;
  connection.proxy = login.proxy_to ? login.proxy_to(connection.server) : std::nullopt;
  const ClientOptions options;
  Authorization authorization(connection);
  Transport transport(connection, options, authorization);
  Once once;
  HttpRequest request{url.substr(connection.server.size()), "application/json", form};
  request.content_type = "application/x-www-form-urlencoded";
  transport.start(request, once);
  constexpr std::chrono::milliseconds kStep{50};
  while (!once.ended) {
    if (stop && stop()) {
      throw Error(ErrorKind::stopped,
                  "the OpenID Connect issuer " + printable(connection.server) + " was not waited for any longer");
    }
    transport.step(kStep);
  }
  if (once.how.ending != Ending::complete) {
    refuse(login, "no answer of " + printable(connection.server) + " (" + once.how.detail + ")");
  }
  return once;
}

bool is_good(const Once& once) { return once.answer.status >= 200 && once.answer.status < 300; }

std::string token_endpoint(const OidcLogin& login, const Stop& stop) {
  const Once once = ask(login, login.issuer + kDiscovery, "", {}, stop);
  JsonParser parser;
  const Value root(is_good(once) ? parser.parse_copy(once.content) : nullptr);
  std::string endpoint(root["token_endpoint"].text());
  if (endpoint.empty()) refuse(login, "it does not say where tokens are to be had");
  return endpoint;
}

std::string form_of(const std::string& refresh_token) {
  return "grant_type=refresh_token&refresh_token=" + percent_encoded(refresh_token);
}

/// The issuer's own word for what is wrong, such as "invalid_grant"; nothing else of its answer, which may repeat secrets.
std::string reason_in(const Once& once) {
  JsonParser parser;
  const Value root(parser.parse_copy(once.content));
  const std::string reason = printable(root["error"].text(), 100);
  return std::to_string(once.answer.status) + (reason.empty() ? "" : ", " + reason);
}

/// Whether the issuer knew the client and refused its refresh token, which another try might use up.
bool refuses_grant(const Once& once) {
  JsonParser parser;
  return Value(parser.parse_copy(once.content))["error"].text() == "invalid_grant";
}

/// The client's name in the header first, then in the form: golang.org/x/oauth2 finds out in the same way what the
/// issuer wants.
Once ask_for_tokens(const OidcLogin& login, const Stop& stop) {
  const std::string endpoint = token_endpoint(login, stop);
  const Client encoded{percent_encoded(login.client_id), percent_encoded(login.client_secret)};
  Once by_header = ask(login, endpoint, form_of(login.refresh_token), encoded, stop);
  if (is_good(by_header)) return by_header;
  if (refuses_grant(by_header)) refuse(login, "it gives no new token (" + reason_in(by_header) + ")");
  std::string form = form_of(login.refresh_token) + "&client_id=" + encoded.id;
  if (!encoded.secret.empty()) form += "&client_secret=" + encoded.secret;
  Once by_form = ask(login, endpoint, form, {}, stop);
  if (!is_good(by_form)) refuse(login, "it gives no new token (" + reason_in(by_form) + ")");
  return by_form;
}

bool is_one_word(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

Credential credential_of(const std::string& id_token) {
  Credential credential;
  credential.token = id_token;
  credential.expires = jwt_expiry(id_token);
  if (credential.expires) *credential.expires -= kOidcLeeway;
  return credential;
}

}  // namespace

Credential OidcTokens::current() {
  Credential credential = credential_of(login_.id_token);
  if (credential.expires && system_clock::now() < *credential.expires) return credential;
  return renewed();
}

Credential OidcTokens::renewed() {
  if (!can_renew()) refuse(login_, "the id-token has expired or is none, and there is no refresh-token");
  const Once once = ask_for_tokens(login_, events_.stop);
  JsonParser parser;
  const Value answer(parser.parse_copy(once.content));
  if (!is_one_word(answer["id_token"].text())) refuse(login_, "its answer holds no id_token");
  login_.id_token = answer["id_token"].text();
  const std::string_view refresh_token = answer["refresh_token"].text();
  if (!refresh_token.empty() && refresh_token != login_.refresh_token) {
    login_.refresh_token = refresh_token;
    if (events_.notice) {
      events_.notice(
          "The issuer " + printable(login_.issuer) +
          " has changed the refresh token, and kubeconfigs are never written here: kubectl may ask you to log in "
          "again.");
    }
  }
  return credential_of(login_.id_token);
}

}  // namespace posture
