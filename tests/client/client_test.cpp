// SPDX-License-Identifier: Apache-2.0
// First contact, credentials, TLS, discovery and single reads against a scripted server.
#include "posture/client.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "fixtures.h"
#include "source/client/fetch.h"

namespace {

const std::map<std::string, Reply> kGoodServer = {
    {"/version", json(R"({"gitVersion":"v1.37.2"})")},
    {"/apis/authentication.k8s.io/v1/selfsubjectreviews",
     json(R"({"status":{"userInfo":{"username":"me","groups":["a","b"]}}})", 201)},
    {"/api/v1/namespaces/kube-system", json(R"({"metadata":{"uid":"uid-1"}})")}};

}  // namespace

TEST_CASE("first contact tells server and identity apart") {
  const ScriptedServer server(by_path(kGoodServer));
  const posture::About about = client(to(server))->about();
  CHECK(about.version == "v1.37.2");
  CHECK(about.user == "me");
  CHECK(about.groups == std::vector<std::string>{"a", "b"});
  CHECK(about.uid == "uid-1");
  CHECK(about.kind == "live");
  CHECK(about.context == "test");
  CHECK(about.server == server.url());
  CHECK_FALSE(about.tls_verified);
  const std::vector<Asked> log = server.log();
  REQUIRE(log.size() == 3);
  CHECK(log[1].method == "POST");
  CHECK(log[1].body == R"({"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"})");
  CHECK(log[1].headers.at("content-type") == "application/json");
  CHECK(log[2].method == "GET");
}

TEST_CASE("what the server will not say stays empty") {
  std::map<std::string, Reply> replies = kGoodServer;
  replies["/apis/authentication.k8s.io/v1/selfsubjectreviews"] = status_reply(404, "NotFound", "x");
  replies["/apis/authentication.k8s.io/v1beta1/selfsubjectreviews"] =
      json(R"({"status":{"userInfo":{"username":"old"}}})", 201);
  replies["/api/v1/namespaces/kube-system"] = status_reply(403, "Forbidden", "x");
  replies["/version"] = json("not json");
  const ScriptedServer server(by_path(replies));
  const posture::About about = client(to(server))->about();
  CHECK(about.user == "old");
  CHECK(about.uid.empty());
  CHECK(about.version.empty());
}

TEST_CASE("a server that is none") {
  Connection connection;
  connection.server = "https://no-such-host.invalid";
  const auto unresolved = failure([&] { client(connection)->about(); });
  CHECK(unresolved.first == ErrorKind::connection);
  CHECK_THAT(unresolved.second,
             Catch::StartsWith("cannot reach https://no-such-host.invalid: the host name is not known ("));
  const ScriptedServer mute([](const Asked&) { return Reply{"", true, 0ms, 0ms}; });
  const auto broken = failure([&] { client(to(mute))->about(); });
  CHECK(broken.first == ErrorKind::connection);
  CHECK_THAT(broken.second, Catch::Contains("the connection broke"));
}

TEST_CASE("single reads") {
  const ScriptedServer server(by_path({
      {"/flagz", json(R"({"kind":"Flagz"})")},
      {"/text", reply(200, "text/plain", "a=b")},
      {"/html", reply(200, "text/html", "<p>")},
      {"/no", status_reply(403, "Forbidden", "forbidden: no")},
      {"/redirect", reply(307, "text/plain", "", "Location: /flagz\r\n")},
      {"/untyped", Reply{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", false, 0ms, 0ms}},
  }));
  const std::unique_ptr<posture::Source> source = client(to(server));
  const posture::Response good = source->get({"/flagz"});
  CHECK_FALSE(good.gap.has_value());
  CHECK(good.status == 200);
  CHECK(good.content_type == "application/json");
  CHECK(good.body == R"({"kind":"Flagz"})");
  CHECK_FALSE(source->get({"/text", "application/json;v=v1, text/plain"}).gap.has_value());
  CHECK_FALSE(source->get({"/untyped"}).gap.has_value());
  CHECK(source->get({"/text"}).gap->message == "the answer is text/plain, not what was asked for: a=b");
  CHECK(source->get({"/html"}).gap->reason == GapReason::malformed);
  const posture::Response refused = source->get({"/no"});
  CHECK(refused.gap->reason == GapReason::forbidden);
  CHECK(refused.gap->resource == "/no");
  CHECK(refused.gap->status == 403);
  CHECK(refused.gap->message == "forbidden: no");
  CHECK(source->get({"/missing"}).gap->reason == GapReason::not_served);
  CHECK(source->get({"/redirect"}).gap->message == "the server redirects (307) to /flagz, which is not followed");
  CHECK(server.targets().back() == "/redirect");
}

TEST_CASE("76: an answer without end is cut") {
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
  std::string bytes = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t i = 0; i <= posture::kMaxAnswerBytes >> 20; ++i) bytes += chunk;
  const ScriptedServer server([&](const Asked&) { return Reply{bytes, false, 0ms, 0ms}; });
  const posture::Response response = client(to(server))->get({"/x"});
  REQUIRE(response.gap.has_value());
  CHECK(response.gap->reason == GapReason::too_large);
}

TEST_CASE("a refusal without end is a refusal, and tried again where that may help") {
  const std::string body = std::string(posture::kMaxAnswerBytes + 1, 'x');
  const auto endless = [&](const char* status) {
    return Reply{
        "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
        false, 0ms, 0ms};
  };
  int asked_busy = 0;
  const ScriptedServer server([&](const Asked& asked) {
    if (asked.target == "/no") return endless("403 Forbidden");
    return ++asked_busy == 1 ? endless("503 Service Unavailable") : json("{}");
  });
  const std::unique_ptr<posture::Source> source = client(to(server));
  CHECK(source->get({"/no"}).gap->reason == GapReason::forbidden);
  CHECK_FALSE(source->get({"/busy"}).gap.has_value());
  CHECK(asked_busy == 2);
}

TEST_CASE("74: an answer that dribbles is cut") {
  const ScriptedServer server([](const Asked&) { return Reply{"HTTP/1.1 200 OK\r\n", false, 0ms, 3000ms}; });
  const std::unique_ptr<posture::Source> source = posture::make_client(to(server), quick(400ms));
  CHECK(failure([&] { source->get({"/x"}); }).second.find("it does not answer in time") != std::string::npos);
}

TEST_CASE("a 401 ends the run, after one look for a newer token") {
  const Pki pki;
  const auto script = [](const Asked& asked) {
    const auto found = asked.headers.find("authorization");
    const bool good = found != asked.headers.end() && found->second == "Bearer new";
    return good ? json("{}") : status_reply(401, "Unauthorized", "Unauthorized");
  };
  const ScriptedServer server(script, &pki.server);
  Connection connection = pki.trusted(server);
  connection.token = "old";
  const auto error = failure([&] { client(connection)->about(); });
  CHECK(error.first == ErrorKind::credentials);
  CHECK(error.second == server.url() +
                            " does not accept the credentials of the user of context \"test\" (401: Unauthorized); "
                            "renew the token or certificate in the kubeconfig");
  CHECK(server.log().size() == 1);

  std::string folder = (std::filesystem::temp_directory_path() / "posture-client-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  connection.token_file = folder + "/token";
  std::ofstream(connection.token_file) << "old";
  const std::unique_ptr<posture::Source> source = client(connection);
  CHECK(failure([&] { source->get({"/x"}); }).first == ErrorKind::credentials);
  std::ofstream(connection.token_file) << "new\n";
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
  std::filesystem::remove_all(folder);
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
}

TEST_CASE("credentials travel only encrypted, and never to where a redirect points") {
  Connection connection;
  connection.token = "secret";
  const ScriptedServer plain([](const Asked&) { return json("{}"); });
  connection.server = plain.url();
  client(connection)->get({"/x"});
  CHECK(plain.log()[0].headers.count("authorization") == 0);

  const Pki pki;
  const ScriptedServer target([](const Asked&) { return json("{}"); }, &pki.server);
  const ScriptedServer server(
      [&](const Asked&) { return reply(302, "text/plain", "", "Location: " + target.url() + "/x\r\n"); }, &pki.server);
  connection = pki.trusted(server);
  connection.username = "user";
  connection.password = "secret";
  CHECK(client(connection)->get({"/x"}).gap->reason == GapReason::malformed);
  CHECK(server.log()[0].headers.at("authorization") == "Basic dXNlcjpzZWNyZXQ=");
  CHECK(target.log().empty());
}

TEST_CASE("44: whom we trust") {
  const Pki pki;
  const TestIdentity other_ca = make_identity({"other", "", -3600, 3600, true});
  struct Row {
    std::string name;
    TestIdentity server;
    std::string host;
    std::function<void(Connection&)> change;
    std::string words;  // of the error; "" for none
  };
  const auto nothing = [](Connection&) {};
  const auto insecure = [](Connection& connection) {
    connection.ca_pem.clear();
    connection.insecure_skip_tls_verify = true;
  };
  const std::vector<Row> rows = {
      {"IP address in the certificate", pki.server, "127.0.0.1", nothing, ""},
      {"name in the certificate", pki.server, "localhost", nothing, ""},
      {"another CA", pki.server, "127.0.0.1", [&](Connection& c) { c.ca_pem = other_ca.certificate_pem(); },
       "unable to get local issuer certificate"},
      {"bundle", pki.server, "127.0.0.1", [&](Connection& c) { c.ca_pem = other_ca.certificate_pem() + c.ca_pem; }, ""},
      {"the system's CAs", pki.server, "127.0.0.1", [](Connection& c) { c.ca_pem.clear(); },
       "unable to get local issuer certificate"},
      {"the server's own certificate as CA", pki.server, "127.0.0.1",
       [&](Connection& c) { c.ca_pem = pki.server.certificate_pem(); }, ""},
      {"expired", make_identity({"x", "IP:127.0.0.1", -7200, -3600, false}, &pki.ca), "127.0.0.1", nothing,
       "certificate has expired"},
      {"not yet valid", make_identity({"x", "IP:127.0.0.1", 3600, 7200, false}, &pki.ca), "127.0.0.1", nothing,
       "not yet valid"},
      {"wrong address", make_identity({"127.0.0.1", "IP:127.0.0.2", -1, 3600, false}, &pki.ca), "127.0.0.1", nothing,
       "no alternative certificate subject name matches"},
      {"wrong name", make_identity({"x", "DNS:other", -1, 3600, false}, &pki.ca), "localhost", nothing,
       "no alternative certificate subject name matches"},
      {"only a common name", make_identity({"localhost", "", -1, 3600, false}, &pki.ca), "localhost", nothing,
       "mismatch"},
      {"tls-server-name", make_identity({"x", "DNS:api.example.com", -1, 3600, false}, &pki.ca), "127.0.0.1",
       [](Connection& c) { c.tls_server_name = "api.example.com"; }, ""},
      {"tls-server-name that is not in there", pki.server, "127.0.0.1",
       [](Connection& c) { c.tls_server_name = "api.example.com"; }, "no alternative certificate subject name matches"},
      {"not verified", make_identity({"x", "", -7200, -3600, false}), "127.0.0.1", insecure, ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const ScriptedServer server(by_path(kGoodServer), &row.server);
    Connection connection = pki.trusted(server);
    connection.server = server.url(row.host);
    row.change(connection);
    posture::About about;
    const auto error = failure([&] { about = client(connection)->about(); });
    if (row.words.empty()) {
      CHECK(error.second.empty());
      CHECK(about.user == "me");
      CHECK(about.tls_verified != connection.insecure_skip_tls_verify);
      CHECK(server.log()[0].headers.at("host") == server.url(row.host).substr(8));
    } else {
      CHECK(error.first == ErrorKind::tls);
      CHECK_THAT(error.second, Catch::Contains("its identity could not be verified (") && Catch::Contains(row.words));
      CHECK(server.log().empty());
    }
  }
}

namespace {

/// Sets a variable of this process for a while.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* const old = getenv(name)) before_ = old;
    setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

std::string new_folder() {
  std::string folder = (std::filesystem::temp_directory_path() / "posture-client-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  return folder;
}

constexpr const char* kBundle = "/ca-certificates.crt";

/// A folder of trusted CAs as OpenSSL reads it, by the bundle and by the hash of a name.
std::string make_store(const std::string& folder, const TestIdentity& ca) {
  const std::string store = folder + "/store";
  std::filesystem::create_directory(store);
  char name[16];
  std::snprintf(name, sizeof name, "/%08lx.0",
                X509_NAME_hash_ex(X509_get_subject_name(ca.certificate.get()), nullptr, nullptr, nullptr));
  for (const std::string& file : {store + kBundle, store + name}) std::ofstream(file) << ca.certificate_pem();
  return store;
}

/// Of a server whose CA this machine trusts: that it is trusted, but not where a kubeconfig names another CA.
void check_only_the_given_counts(const std::string& server, const std::string& folder) {
  const TestIdentity other_ca = make_identity({"other", "", -3600, 3600, true});
  std::ofstream(folder + "/other.crt") << other_ca.certificate_pem();
  posture::ConnectionOptions options;
  options.environment = [](const std::string& name) {
    const char* const value = getenv(name.c_str());
    return name.rfind("SSL_CERT_", 0) == 0 && value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  };
  options.kubeconfig = folder + "/config";
  const auto about =
      [&](const std::string& cluster) {
        std::ofstream(*options.kubeconfig)
            << "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
               "users: [{name: u, user: {token: t}}]\nclusters: [{name: k, cluster: {server: '"
            << server << "'" << cluster << "}}]\n";
        return client(posture::load_connection(options))->about();
      };
  CHECK(about("").user == "me");
  const auto error = failure([&] { about(", certificate-authority: other.crt"); });
  CHECK(error.first == ErrorKind::tls);
  CHECK_THAT(error.second, Catch::Contains("unable to get local issuer certificate"));
}

}  // namespace

TEST_CASE("43: only the kubeconfig's CA is trusted, not those that SSL_CERT_FILE and SSL_CERT_DIR name") {
  const Pki pki;
  const std::string folder = new_folder();
  const std::string store = make_store(folder, pki.ca);
  const Variable file_variable("SSL_CERT_FILE", store + kBundle);
  const Variable folder_variable("SSL_CERT_DIR", store);
  const ScriptedServer server(by_path(kGoodServer), &pki.server);
  check_only_the_given_counts(server.url(), folder);
  std::filesystem::remove_all(folder);
}

namespace {

const std::string kSystemStore = "/etc/ssl/certs";
constexpr const char* kServerVariable = "POSTURE_TEST_SERVER";

}  // namespace

// Run by the next one.
TEST_CASE("a child of 43 with another store", "[.]") {
  REQUIRE(getenv(kServerVariable) != nullptr);
  const std::string folder = new_folder();
  check_only_the_given_counts(getenv(kServerVariable), folder);
  std::filesystem::remove_all(folder);
}

TEST_CASE("43: only the kubeconfig's CA is trusted, not those of this machine") {
  const Pki pki;
  const std::string folder = new_folder();
  const std::string mounted =
      "unshare -rm sh -c \"mount --bind '" + make_store(folder, pki.ca) + "' " + kSystemStore + " && ";
  if (!std::filesystem::exists(kSystemStore + kBundle) || std::system((mounted + "true\" 2>/dev/null").c_str()) != 0) {
    std::cerr << "SKIPPED: no other store can be mounted here; whether this machine's CAs count was not tried\n";
  } else {
    const ScriptedServer server(by_path(kGoodServer), &pki.server);
    const Variable variable(kServerVariable, server.url());
    const std::string self = std::filesystem::canonical("/proc/self/exe").string();
    CHECK(std::system((mounted + "exec '" + self + "' 'a child of 43 with another store'\"").c_str()) == 0);
    CHECK(server.targets().size() == 3);
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("IPv6 hosts, with and without a zone, whose address the certificate must name") {
  const Pki pki;
  const TestIdentity identity = make_identity({"x", "IP:0:0:0:0:0:0:0:1", -1, 3600, false}, &pki.ca);
  std::unique_ptr<ScriptedServer> server;
  try {
    server = std::make_unique<ScriptedServer>(by_path(kGoodServer), &identity, 0, AF_INET6);
  } catch (const std::runtime_error&) {
    std::cerr << "SKIPPED: this machine has no IPv6, whose hosts were not tried\n";
    return;
  }
  for (const char* host : {"[::1]", "[::1%25lo]"}) {
    INFO(host);
    Connection connection = pki.trusted(*server);
    connection.server = server->url(host);
    CHECK(client(connection)->about().user == "me");
  }
  const ScriptedServer other(by_path(kGoodServer), &pki.server, 0, AF_INET6);
  Connection connection = pki.trusted(other);
  connection.server = other.url("[::1]");
  CHECK(failure([&] { client(connection)->about(); }).first == ErrorKind::tls);
  for (const char* host : {"[::1]", "[::1%25lo]"}) {
    INFO("known as 127.0.0.1: " << host);
    connection.server = other.url(host);
    connection.tls_server_name = "127.0.0.1";
    CHECK(client(connection)->about().user == "me");
  }
}

TEST_CASE("46: TLS older than 1.2 is refused") {
  const Pki pki;
  const ScriptedServer server(by_path(kGoodServer), &pki.server, TLS1_1_VERSION);
  const auto error = failure([&] { client(pki.trusted(server))->about(); });
  CHECK(error.first == ErrorKind::tls);
  CHECK_THAT(error.second, Catch::Contains("TLS 1.2"));
  posture::ClientOptions unhurried = quick();
  unhurried.retry_pace = 1.0;
  const auto before = std::chrono::steady_clock::now();
  CHECK(failure([&] { posture::make_client(pki.trusted(server), unhurried)->about(); }).first == ErrorKind::tls);
  CHECK(std::chrono::steady_clock::now() - before < 5s);  // nobody waits for it to become newer
}

TEST_CASE("client certificates; an encrypted key fails at once") {
  const Pki pki;
  const ScriptedServer server(by_path(kGoodServer), &pki.server);
  Connection connection = pki.trusted(server);
  connection.client_certificate_pem = pki.user.certificate_pem();
  connection.client_key_pem = pki.user.key_pem();
  CHECK(client(connection)->about().user == "me");
  connection.client_key_pem = pki.user.key_pem("secret");
  const auto start = std::chrono::steady_clock::now();
  CHECK(failure([&] { client(connection)->about(); }).first == ErrorKind::tls);
  CHECK(std::chrono::steady_clock::now() - start < 2s);
}

namespace {

const std::string kAggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

std::string group(const std::string& name, const std::string& resource, const std::string& kind,
                  const std::string& freshness = "Current") {
  return R"({"metadata":{"name":")" + name + R"("},"versions":[{"version":"v1","freshness":")" + freshness +
         R"(","resources":[{"resource":")" + resource + R"(","responseKind":{"kind":")" + kind +
         R"("},"scope":"Namespaced","verbs":["list","get"]}]}]})";
}
std::string groups(const std::string& items) { return R"({"kind":"APIGroupDiscoveryList","items":[)" + items + "]}"; }

const Reply kCoreVersions = json(R"({"kind":"APIVersions","versions":["v1"]})");
const Reply kAppsGroups = json(
    R"({"kind":"APIGroupList","groups":[{"name":"apps","versions":[{"version":"v1"}],"preferredVersion":{"version":"v1"}},
  {"name":"dead.example","versions":[{"version":"v1"}],"preferredVersion":{"version":"v1"}}]})");
const Reply kCoreResources =
    json(R"({"kind":"APIResourceList","resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["list"]},
  {"name":"pods/log","kind":"Pod","namespaced":true,"verbs":["get"]},{"name":"bindings","kind":"Binding","namespaced":true,"verbs":["create"]}]})");
const Reply kAppsResources = json(
    R"({"kind":"APIResourceList","resources":[{"name":"deployments","kind":"Deployment","namespaced":true,"verbs":["list"]}]})");

std::vector<std::string> names(const posture::Discovery& discovery) {
  std::vector<std::string> out;
  for (const posture::Resource& resource : discovery.resources) out.push_back(posture::group_resource(resource));
  return out;
}

}  // namespace

TEST_CASE("61: discovery, aggregated, with a stale group") {
  const ScriptedServer server(by_path({
      {"/api", reply(200, kAggregated, groups(group("", "pods", "Pod")))},
      {"/apis", reply(200, kAggregated,
                      groups(group("apps", "deployments", "Deployment") + "," +
                             group("dead.example", "things", "Thing", "Stale")))},
  }));
  const posture::Discovery discovery = client(to(server))->discover();
  CHECK(names(discovery) == std::vector<std::string>{"pods", "deployments.apps"});
  REQUIRE(discovery.gaps.size() == 1);
  CHECK(discovery.gaps[0].resource == "dead.example");
  CHECK(discovery.gaps[0].reason == GapReason::unavailable);
  CHECK(discovery.find("apps", "Deployment")->namespaced);
  CHECK(discovery.find("apps", "Nothing") == nullptr);
  CHECK(server.log().size() == 2);
  CHECK_THAT(server.log()[0].headers.at("accept"),
             Catch::StartsWith("application/json;g=apidiscovery.k8s.io;v=v2;as="));
}

TEST_CASE("61: discovery, classic, with a dead group") {
  const std::map<std::string, Reply> classic = {
      {"/api", kCoreVersions}, {"/apis", kAppsGroups}, {"/api/v1", kCoreResources}, {"/apis/apps/v1", kAppsResources}};
  const ScriptedServer server(by_path(classic));
  const posture::Discovery discovery = client(to(server))->discover();
  CHECK(names(discovery) == std::vector<std::string>{"pods", "deployments.apps"});
  REQUIRE(discovery.gaps.size() == 1);
  CHECK(discovery.gaps[0].resource == "dead.example");
  CHECK(discovery.gaps[0].reason == GapReason::unavailable);

  std::map<std::string, Reply> mixed = classic;
  mixed["/api"] = reply(200, kAggregated, groups(group("", "pods", "Pod")));
  const ScriptedServer half(by_path(mixed));
  CHECK(names(client(to(half))->discover()) == std::vector<std::string>{"pods", "deployments.apps"});
}

TEST_CASE("61: discovery that is refused or broken") {
  const ScriptedServer server(
      by_path({{"/api", status_reply(403, "Forbidden", "no")}, {"/apis", reply(200, "text/html", "<p>")}}));
  const posture::Discovery discovery = client(to(server))->discover();
  CHECK(discovery.resources.empty());
  REQUIRE(discovery.gaps.size() == 2);
  CHECK(discovery.gaps[0].resource == "/api");
  CHECK(discovery.gaps[0].reason == GapReason::forbidden);
  CHECK(discovery.gaps[1].reason == GapReason::malformed);
  const ScriptedServer no_core(
      by_path({{"/apis", reply(200, kAggregated, groups(group("apps", "deployments", "Deployment")))}}));
  CHECK(names(client(to(no_core))->discover()) == std::vector<std::string>{"deployments.apps"});
}

TEST_CASE("61: a server without /apis is no API server, or not well") {
  const ScriptedServer half(by_path({{"/api", reply(200, kAggregated, groups(group("", "pods", "Pod")))}}));
  const posture::Discovery discovery = client(to(half))->discover();
  CHECK(names(discovery) == std::vector<std::string>{"pods"});
  REQUIRE(discovery.gaps.size() == 1);
  CHECK(discovery.gaps[0].resource == "/apis");
  CHECK(discovery.gaps[0].reason == GapReason::unavailable);
  CHECK(discovery.gaps[0].status == 404);

  const ScriptedServer none(by_path({}));
  const auto [kind, message] = failure([&] { client(to(none))->discover(); });
  CHECK(kind == ErrorKind::connection);
  CHECK(message == none.url() +
                       " serves no Kubernetes API: it answers 404 to /api and /apis; check the server in the "
                       "kubeconfig, its path included");
}

TEST_CASE("what the identity may do is asked of the server, and an answer that is none is no answer") {
  const ScriptedServer server([](const Asked& asked) {
    CHECK(asked.method == "POST");
    CHECK(asked.target == "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
    const auto says = [&](const char* text) { return asked.body.find(text) != std::string::npos; };
    if (says(R"("resource":"secrets")"))
      return json(R"({"kind":"SelfSubjectAccessReview","status":{"allowed":false}})");
    if (says(R"("path":"/flagz")")) return json(R"({"kind":"SelfSubjectAccessReview","status":{"allowed":true}})");
    if (says(R"("resource":"nodes")")) return status_reply(403, "Forbidden", "not you");
    return json(R"({"kind":"SelfSubjectAccessReview"})");
  });
  posture::Connection connection;
  connection.server = server.url();
  const std::vector<posture::AccessQuestion> questions = {{"list", "", "secrets", "", "x", ""},
                                                          {"get", "", "", "", "", "/flagz"},
                                                          {"list", "", "nodes", "", "", ""},
                                                          {"list", "", "pods", "", "", ""}};
  const std::vector<posture::Access> answers = posture::make_client(connection, quick())->may(questions);
  REQUIRE(answers.size() == 4);
  CHECK_FALSE(answers[0].allowed);
  CHECK(answers[0].problem.empty());
  CHECK(answers[1].allowed);
  CHECK(answers[2].problem == "not you");
  CHECK(answers[3].problem == "the answer is not a SelfSubjectAccessReview");
}
