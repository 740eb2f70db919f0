// SPDX-License-Identifier: Apache-2.0
// The trial of a connection: which step fails, why, and what is said of it.
#include "posture/contact.h"

#include <atomic>
#include <catch2/catch.hpp>

#include "base/time.h"
#include "fixtures.h"

using posture::ContactStep;
using posture::StepState;

namespace {

const std::string kNoServer = "https://127.0.0.1:1";

std::map<std::string, Reply> good_server() {
  const std::string aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const std::string pods =
      R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":""},"versions":[{"version":"v1","resources":[)"
      R"({"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","verbs":["list"]}]}]}]})";
  return {{"/version", json(R"({"gitVersion":"v1.37.2"})")},
          {"/apis/authentication.k8s.io/v1/selfsubjectreviews",
           json(R"({"status":{"userInfo":{"username":"me","groups":["a","b"]}}})", 201)},
          {"/api", reply(200, aggregated, pods)},
          {"/apis", reply(200, aggregated, R"({"kind":"APIGroupDiscoveryList","items":[]})")}};
}

std::vector<ContactStep> contact(const Connection& connection, std::chrono::milliseconds stall = 10s) {
  return posture::make_contact(connection, quick(stall), std::chrono::system_clock::now());
}

const ContactStep& step(const std::vector<ContactStep>& steps, const std::string& name) {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const ContactStep& s) { return s.name == name; });
  REQUIRE(found != steps.end());
  return *found;
}

/// The values of the facts of that name, one after another.
std::string fact(const ContactStep& step, const std::string& name) {
  std::string out;
  for (const auto& [key, value] : step.facts) {
    if (key == name) out += (out.empty() ? "" : " | ") + value;
  }
  return out;
}

std::string states(const std::vector<ContactStep>& steps) {
  std::string out;
  for (const ContactStep& each : steps) out += (out.empty() ? "" : " ") + std::string(to_string(each.state));
  return out;
}

std::string all_text(const std::vector<ContactStep>& steps) {
  std::string out;
  for (const ContactStep& each : steps) {
    out += each.name + each.problem + each.next;
    for (const auto& [name, value] : each.facts) out += name + value;
  }
  return out;
}

}  // namespace

TEST_CASE("a connection that works says what it uses") {
  const Pki pki;
  const ScriptedServer server(by_path(good_server()), &pki.server);
  Connection connection = pki.trusted(server);
  connection.client_certificate_pem = pki.user.certificate_pem();
  connection.client_key_pem = pki.user.key_pem();
  connection.token = "CANARY-token";
  connection.impersonate = {"auditor", "", {"auditors"}, {}};
  const std::vector<ContactStep> steps = contact(connection);
  CHECK(states(steps) == "good good good good good good");
  const ContactStep& login = step(steps, "Login");
  CHECK(fact(login, "with") == "client certificate | bearer token");
  CHECK(fact(login, "subject") == "CN=user");
  CHECK_THAT(fact(login, "until"), Catch::EndsWith("Z, less than a day left"));
  CHECK(fact(login, "acting as") == "auditor, group auditors");
  CHECK(fact(step(steps, "Network"), "address") == server.url().substr(8));
  CHECK(fact(step(steps, "Network"), "proxy") == "none");
  CHECK_THAT(fact(step(steps, "Network"), "connected in"), Catch::EndsWith(" ms"));
  const ContactStep& tls = step(steps, "TLS");
  CHECK(fact(tls, "protocol") == "TLSv1.3");
  CHECK(fact(tls, "certificate") == "CN=test");
  CHECK(fact(tls, "issued by") == "CN=ca");
  CHECK(fact(tls, "trusted by") == "CN=ca, of the certificate authority that is configured");
  CHECK(fact(tls, "host") == "127.0.0.1 is among its names");
  CHECK(fact(step(steps, "Server"), "version") == "v1.37.2");
  CHECK_THAT(fact(step(steps, "Server"), "round trip"), Catch::EndsWith(" ms"));
  CHECK(fact(step(steps, "Identity"), "user") == "me");
  CHECK(fact(step(steps, "Identity"), "group") == "a | b");
  CHECK(fact(step(steps, "Discovery"), "API groups") == "1");
  CHECK(all_text(steps).find("CANARY") == std::string::npos);
}

TEST_CASE("nobody there") {
  Connection connection;
  connection.server = kNoServer;
  connection.token = "x";
  const std::vector<ContactStep> steps = contact(connection);
  CHECK(states(steps) == "good failed not-tried not-tried not-tried not-tried");
  CHECK_THAT(step(steps, "Network").problem, Catch::StartsWith("cannot reach " + kNoServer + ": nobody answers"));
  CHECK(step(steps, "Network").next == "check that the cluster is up and reachable from here");
}

TEST_CASE("a port that takes connections and is silent then: the network works, TLS does not come up") {
  const ScriptedServer mute(by_path({}));
  Connection connection = to(mute);
  connection.server = "https" + mute.url().substr(4);
  posture::ClientOptions options = quick();
  options.connect_timeout = 300ms;
  std::vector<ContactStep> told;
  const std::vector<ContactStep> steps = posture::make_contact(connection, options, std::chrono::system_clock::now(),
                                                               [&](const ContactStep& done) { told.push_back(done); });
  CHECK(states(steps) == "good good failed not-tried not-tried not-tried");
  CHECK(fact(step(steps, "Network"), "address") == mute.url().substr(7));
  CHECK_THAT(step(steps, "TLS").problem, Catch::Contains("no secure connection comes up"));
  CHECK(states(told) == states(steps));
  CHECK(all_text(told) == all_text(steps));
}

TEST_CASE("each step is told as soon as it is done") {
  std::atomic<std::size_t> requests = 0;
  const auto answer = by_path(good_server());
  const ScriptedServer server([&](const Asked& asked) {
    ++requests;
    return answer(asked);
  });
  std::string told;
  posture::make_contact(to(server), quick(), std::chrono::system_clock::now(), [&](const ContactStep& done) {
    told += done.name + " " + to_string(done.state) + " " + std::to_string(requests) + "\n";
  });
  CHECK(told == "Login good 0\nNetwork good 2\nTLS good 2\nServer good 2\nIdentity good 3\nDiscovery good 5\n");
}

TEST_CASE("what is wrong with the server's certificate, and what to do") {
  const Pki pki;
  const TestIdentity other_ca = make_identity({"other", "", -3600, 3600, true});
  struct Row {
    std::string name;
    TestIdentity server;
    std::string problem;
    std::string next;
  };
  const std::vector<Row> rows = {
      {"unknown authority", make_identity({"srv", "IP:127.0.0.1", -1, 3600, false}, &other_ca),
       "CN=srv was issued by CN=other, for which the certificate authority that is configured does not vouch",
       "take certificate-authority-data from a new kubeconfig"},
      {"signed by itself", make_identity({"srv", "IP:127.0.0.1", -1, 3600, false}), "CN=srv was issued by CN=srv",
       "take certificate-authority-data"},
      {"expired", make_identity({"srv", "IP:127.0.0.1", -7200, -3600, false}, &pki.ca), "CN=srv has expired at 20",
       "renew it on the server"},
      {"not yet valid", make_identity({"srv", "IP:127.0.0.1", 3600, 7200, false}, &pki.ca),
       "CN=srv is not valid before 20", "set the clock"},
      {"another host", make_identity({"srv", "DNS:api.example.com,IP:10.0.0.1", -1, 3600, false}, &pki.ca),
       "the certificate is not for 127.0.0.1, but for api.example.com, 10.0.0.1", "use one of these names"},
      {"only a common name", make_identity({"127.0.0.1", "", -1, 3600, false}, &pki.ca),
       "the certificate is not for 127.0.0.1, but for no host", "subject alternative names"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const ScriptedServer server(by_path(good_server()), &row.server);
    const std::vector<ContactStep> steps = contact(pki.trusted(server));
    CHECK(states(steps) == "good good failed not-tried not-tried not-tried");
    CHECK_THAT(step(steps, "TLS").problem, Catch::StartsWith(row.problem));
    CHECK_THAT(step(steps, "TLS").next, Catch::Contains(row.next));
    CHECK_FALSE(fact(step(steps, "TLS"), "certificate").empty());
    CHECK(fact(step(steps, "TLS"), "host").empty());
  }
}

TEST_CASE("TLS that is too old, or not verified") {
  const Pki pki;
  const ScriptedServer old(by_path(good_server()), &pki.server, TLS1_1_VERSION);
  const std::vector<ContactStep> steps = contact(pki.trusted(old));
  CHECK(states(steps) == "good good failed not-tried not-tried not-tried");
  CHECK_THAT(step(steps, "TLS").next, Catch::Contains("TLS 1.2"));

  const TestIdentity stranger = make_identity({"stranger", "", -7200, -3600, false});
  const ScriptedServer server(by_path(good_server()), &stranger);
  Connection connection = to(server);
  connection.insecure_skip_tls_verify = true;
  const std::vector<ContactStep> open = contact(connection);
  CHECK(states(open) == "good good good good good good");
  CHECK_THAT(fact(step(open, "TLS"), "verified"), Catch::StartsWith("no: insecure-skip-tls-verify"));
  CHECK(fact(step(open, "TLS"), "certificate") == "CN=stranger");
  CHECK_THAT(fact(step(open, "TLS"), "until"), Catch::EndsWith(", expired"));
  CHECK(fact(step(open, "TLS"), "trusted by").empty());
}

TEST_CASE("credentials that the server does not take") {
  const Pki pki;
  const ScriptedServer server([](const Asked&) { return status_reply(401, "Unauthorized", "Unauthorized"); },
                              &pki.server);
  Connection connection = pki.trusted(server);
  connection.token = "CANARY-token";
  const std::vector<ContactStep> steps = contact(connection);
  CHECK(states(steps) == "good good good good failed not-tried");
  CHECK_THAT(step(steps, "Identity").problem, Catch::EndsWith("(401: Unauthorized)"));
  CHECK(step(steps, "Identity").next == "renew the token or certificate in the kubeconfig");
  CHECK(all_text(steps).find("CANARY") == std::string::npos);
}

TEST_CASE("a plugin that is missing fails before anything is connected; one that works says what it gave") {
  const Pki pki;
  const ScriptedServer server(by_path(good_server()), &pki.server);
  Connection connection = pki.trusted(server);
  connection.plugin = posture::CredentialPlugin{};
  connection.plugin->command = "no-such-plugin";
  connection.plugin->install_hint = "get it";
  const std::vector<ContactStep> missing = contact(connection);
  CHECK(states(missing) == "failed not-tried not-tried not-tried not-tried not-tried");
  CHECK(fact(step(missing, "Login"), "with") == "credential plugin no-such-plugin");
  CHECK_THAT(step(missing, "Login").problem, Catch::Contains("is not installed"));
  CHECK(step(missing, "Login").next == "get it");
  CHECK(server.log().empty());

  connection.plugin->command = "echo";
  connection.plugin->path = "/bin:/usr/bin";
  connection.plugin->api_version = "client.authentication.k8s.io/v1";
  connection.plugin->arguments = {
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"CANARY","expirationTimestamp":"2999-01-01T00:00:00Z"}})"};
  const std::vector<ContactStep> steps = contact(connection);
  CHECK(states(steps) == "good good good good good good");
  CHECK(fact(step(steps, "Login"), "it gave") == "a token");
  CHECK_THAT(fact(step(steps, "Login"), "until"), Catch::StartsWith("2262-") || Catch::StartsWith("2999-01-01"));
  CHECK(all_text(steps).find("CANARY") == std::string::npos);
}

TEST_CASE("a server that is none, or tells little") {
  const ScriptedServer page([](const Asked&) { return reply(200, "text/html", "<p>log in</p>"); });
  const std::vector<ContactStep> html = contact(to(page));
  CHECK(states(html) == "good good good unclear unclear failed");
  CHECK_THAT(step(html, "Discovery").problem, Catch::Contains("text/html"));
  CHECK_THAT(step(html, "Discovery").next, Catch::Contains("check that this is an API server"));
  CHECK(fact(step(html, "TLS"), "protocol") == "none: plain http, the connection is not encrypted");

  std::map<std::string, Reply> replies = good_server();
  replies["/apis/authentication.k8s.io/v1/selfsubjectreviews"] = status_reply(403, "Forbidden", "not you");
  replies["/version"] = status_reply(403, "Forbidden", "no version");
  const ScriptedServer shy(by_path(replies));
  const std::vector<ContactStep> steps = contact(to(shy));
  CHECK(states(steps) == "good good good unclear unclear good");
  CHECK(step(steps, "Identity").problem == "not you");
  CHECK(step(steps, "Server").problem == "no version");

  const Pki pki;
  const ScriptedServer mute([](const Asked&) { return Reply{"", false, 0ms, 3000ms}; }, &pki.server);
  const std::vector<ContactStep> silent = contact(pki.trusted(mute), 300ms);
  CHECK(states(silent) == "good good good failed not-tried not-tried");
  CHECK_THAT(step(silent, "Server").problem, Catch::Contains("it does not answer in time"));
}
