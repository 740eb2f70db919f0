// SPDX-License-Identifier: Apache-2.0
// The legacy OpenID Connect provider: when the id token is used, when it is renewed, and how that fails.
#include <catch2/catch.hpp>

#include "base/base64.h"
#include "base/jwt.h"
#include "fixtures.h"

namespace {

/// A token of a header that nobody reads, the claims, and a signature that nobody checks.
std::string jwt(const std::string& claims) {
  std::string body = posture::encode_base64(claims);
  while (!body.empty() && body.back() == '=') body.pop_back();
  return "eyJh." + body + ".sig";
}

std::string expiring(std::chrono::seconds from_now, const std::string& name) {
  const auto end = std::chrono::system_clock::now() + from_now;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(end.time_since_epoch()).count();
  return jwt(R"({"sub":")" + name + R"(","exp":)" + std::to_string(seconds) + "}");
}

/// An issuer with one client, who must name itself in the way that is wanted.
struct Issuer {
  explicit Issuer(const Pki& pki, std::string answer_in, bool in_form = false)
      : answer(std::move(answer_in)),
        wants_form(in_form),
        server([this](const Asked& asked) { return say(asked); }, &pki.server) {}

  Reply say(const Asked& asked) {
    if (asked.target == "/realm/.well-known/openid-configuration") {
      return json(R"({"token_endpoint":")" + server.url() + R"(/token?x=1"})");
    }
    if (asked.target != "/token?x=1") return reply(404, "text/plain", "no");
    const bool in_header = asked.headers.count("authorization") != 0;
    if (wants_form == in_header) return json(R"({"error":"invalid_client"})", 401);
    return answer.empty() ? json(R"({"error":"invalid_grant","x":"CANARY"})", 400) : json(answer);
  }

  std::string answer;
  bool wants_form;
  ScriptedServer server;
};

posture::OidcLogin login_at(const Issuer& issuer, const Pki& pki, const std::string& id_token,
                            const std::string& refresh_token) {
  posture::OidcLogin login;
  login.issuer = issuer.server.url() + "/realm";
  login.client_id = "posture:client";
  login.client_secret = "s&cret";
  login.id_token = id_token;
  login.refresh_token = refresh_token;
  login.ca_pem = pki.ca.certificate_pem();
  return login;
}

ScriptedServer::Script only(const std::string& token) {
  return [token](const Asked& asked) {
    const auto found = asked.headers.find("authorization");
    const bool good = found != asked.headers.end() && found->second == "Bearer " + token;
    return good ? json("{}") : status_reply(401, "Unauthorized", "Unauthorized");
  };
}

std::string answer_with(const std::string& id_token, const std::string& refresh_token) {
  return R"({"id_token":")" + id_token + R"(","refresh_token":")" + refresh_token + R"("})";
}

}  // namespace

TEST_CASE("when a token ends") {
  CHECK(posture::jwt_expiry(jwt(R"({"exp":1767225600})")) ==
        std::chrono::system_clock::time_point(std::chrono::seconds(1767225600)));
  CHECK(posture::jwt_expiry(jwt(R"({"exp":1.5e9,"a":"??>>~~"})")).has_value());
  for (const char* bad : {"", "a.b", "a.!.c", "a.e30.c", "a.e30.c.d", "opaque"}) {
    INFO(bad);
    CHECK_FALSE(posture::jwt_expiry(bad).has_value());
  }
}

TEST_CASE("39: an id token that is good is used, and the issuer is left alone") {
  const Pki pki;
  const Issuer issuer(pki, "");
  const std::string token = expiring(1h, "old");
  const ScriptedServer server(only(token), &pki.server);
  Connection connection = pki.trusted(server);
  connection.oidc = login_at(issuer, pki, token, "refresh-1");
  CHECK_FALSE(client(connection)->get({"/x"}).gap.has_value());
  CHECK(issuer.server.log().empty());
}

TEST_CASE("39: an id token that has expired, or that the server refuses, is renewed once") {
  const Pki pki;
  const std::string token = expiring(1h, "new");
  const ScriptedServer server(only(token), &pki.server);
  for (const bool in_form : {false, true}) {
    for (const std::string& old :
         {expiring(5s, "old"), expiring(1h, "refused"), std::string(), std::string("opaque")}) {
      INFO(old << in_form);
      const Issuer issuer(pki, answer_with(token, "refresh-1"), in_form);
      Connection connection = pki.trusted(server);
      connection.oidc = login_at(issuer, pki, old, "refresh-1");
      const std::unique_ptr<posture::Source> source = client(connection);
      CHECK_FALSE(source->get({"/x"}).gap.has_value());
      CHECK_FALSE(source->get({"/x"}).gap.has_value());
      const std::vector<Asked> log = issuer.server.log();
      REQUIRE(log.size() == (in_form ? 3 : 2));
      CHECK(log.back().headers.at("content-type") == "application/x-www-form-urlencoded");
      CHECK_THAT(log.back().body, Catch::StartsWith("grant_type=refresh_token&refresh_token=refresh-1"));
      CHECK((log.back().body.find("client_id=posture%3Aclient&client_secret=s%26cret") != std::string::npos) ==
            in_form);
      CHECK(log[1].headers.at("authorization") == "Basic " + posture::encode_base64("posture%3Aclient:s%26cret"));
    }
  }
}

TEST_CASE("39: a refresh token that the issuer changes is used from then on, and the user hears of it") {
  const Pki pki;
  const std::string token = expiring(5s, "short");
  const Issuer issuer(pki, answer_with(token, "refresh-2"));
  const ScriptedServer server(only(token), &pki.server);
  Connection connection = pki.trusted(server);
  connection.oidc = login_at(issuer, pki, "", "refresh-1");
  posture::ClientOptions options = quick();
  std::vector<std::string> notices;
  options.notice = [&](const std::string& text) { notices.push_back(text); };
  const std::unique_ptr<posture::Source> source = posture::make_client(connection, options);
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
  REQUIRE(notices.size() == 1);
  CHECK_THAT(notices[0], Catch::Contains("has changed the refresh token"));
  CHECK(notices[0].find("refresh-") == std::string::npos);
  CHECK_THAT(issuer.server.log().back().body, Catch::EndsWith("refresh_token=refresh-2"));
}

TEST_CASE("39: what cannot be renewed ends the run, without a secret in the message") {
  const Pki pki;
  const ScriptedServer server(only("x"), &pki.server);
  struct Row {
    std::string answer;
    std::string refresh_token;
    std::string issuer;  // "": the one that is there
    std::string words;
  };
  const std::vector<Row> rows = {
      {"", "", "", "the id-token has expired or is none, and there is no refresh-token"},
      {"", "CANARY", "", "it gives no new token (400, invalid_grant)"},
      {R"({"access_token":"CANARY"})", "CANARY", "", "its answer holds no id_token"},
      {R"({"id_token":"two words"})", "CANARY", "", "its answer holds no id_token"},
      {"", "CANARY", "/elsewhere", "it does not say where tokens are to be had"},
      {"", "CANARY", "https://127.0.0.1:1", "no answer of https://127.0.0.1:1"},
  };
  for (const Row& row : rows) {
    INFO(row.words);
    const Issuer issuer(pki, row.answer);
    Connection connection = pki.trusted(server);
    connection.oidc = login_at(issuer, pki, expiring(-1h, "CANARY"), row.refresh_token);
    if (!row.issuer.empty()) connection.oidc->issuer = (row.issuer[0] == '/' ? issuer.server.url() : "") + row.issuer;
    const auto error = failure([&] { client(connection)->about(); });
    CHECK(error.first == ErrorKind::credentials);
    CHECK_THAT(error.second, Catch::Contains(row.words) && Catch::EndsWith("; log in again"));
    CHECK(error.second.find("CANARY") == std::string::npos);
    CHECK(server.log().empty());
  }
}

TEST_CASE("39: a secret goes to https addresses only, of whom the kubeconfig trusts") {
  const Pki pki;
  const ScriptedServer server(only("x"), &pki.server);
  for (const char* endpoint :
       {"http://127.0.0.1/token", "https://", "https://u@127.0.0.1/", "file:///etc/passwd", "x"}) {
    INFO(endpoint);
    const ScriptedServer issuer(
        [&](const Asked&) { return json(std::string(R"({"token_endpoint":")") + endpoint + "\"}"); }, &pki.server);
    Connection connection = pki.trusted(server);
    connection.oidc = posture::OidcLogin{};
    connection.oidc->issuer = issuer.url();
    connection.oidc->client_id = "c";
    connection.oidc->refresh_token = "r";
    connection.oidc->ca_pem = pki.ca.certificate_pem();
    CHECK_THAT(failure([&] { client(connection)->about(); }).second,
               Catch::Contains("it names an address that is no https URL"));
    connection.oidc->ca_pem = make_identity({"other", "", -3600, 3600, true}).certificate_pem();
    CHECK_THAT(failure([&] { client(connection)->about(); }).second, Catch::Contains("no answer of"));
    CHECK(issuer.log().size() == 1);
  }
}
