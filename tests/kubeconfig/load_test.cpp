// SPDX-License-Identifier: Apache-2.0
// Merge rules, choices, conflicts and refusals; the numbers of apiclient.md section 9 are in the names.
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

#include "base/base64.h"
#include "load_fixtures.h"
#include "posture/kubeconfig.h"

namespace {

std::string with_cluster(const std::string& cluster) { return config(cluster, "token: t"); }
std::string with_user(const std::string& user) { return config("server: 'https://h:1'", user); }

std::string server_of(const std::string& url) {
  World world;
  return world.load_file(with_cluster("server: '" + url + "'")).server;
}

}  // namespace

TEST_CASE("1 2 5: the first file's entry wins whole, scalars when not empty, missing files are skipped") {
  World world;
  const std::string a = world.write("a", "current-context: ''\nusers: [{name: u, user: {token: a}}]\n");
  const std::string b = world.write("b",
                                    "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
                                    "clusters: [{name: k, cluster: {server: 'https://b'}}]\n"
                                    "users: [{name: u, user: {username: b, password: b}}]\n");
  world.variables["KUBECONFIG"] = a + ":" + world.path("missing") + "::" + b + ":" + b;
  const Connection connection = world.load();
  CHECK(connection.token == "a");
  CHECK(connection.username.empty());
  CHECK(connection.context == "c");
  CHECK(connection.origin == b);
}

TEST_CASE("3 10 11 12 13: what one file may not say") {
  const std::vector<Row> rows = {
      {"clusters: [{name: red, cluster: {}}, {name: red, cluster: {}}]",
       "clusters: the name \"red\" stands twice in this file"},
      {"extensions: [{name: e}, {name: e}]", "an extension of this name stands before"},
      {with_cluster("server: 'https://h', insecure-skip-tls-verify: \"true\""),
       "insecure-skip-tls-verify must be a boolean, not a string"},
      {with_user("token: 12"), "token must be a string, not a number; put it in quotes"},
      {with_user("token: yes"), "token must be a string, not a boolean; put it in quotes"},
      {"clusters: {a: b}", "clusters must be a list, not a map"},
      {"users: [x]", "users must be a map, not a string"},
      {"kind: Pod", "not a kubeconfig: kind is Pod"},
      {"apiVersion: v2", "not a kubeconfig we know: apiVersion is v2, not v1"},
      {"- a", "not a kubeconfig: a map is wanted, not a list"},
      {with_cluster("server: 'https://h', certificate-authority-data: '%%%'"),
       "certificate-authority-data is not valid base64"},
      {"a: [", "bad YAML: end of sequence flow not found"},
  };
  for (const Row& row : rows) {
    World world;
    CHECK(failure([&] { world.load_file(row.text); }) == row.message);
  }
}

TEST_CASE("11: syntax that is fine") {
  const std::string good = with_user("token: t");
  World world;
  CHECK(world.load_file("\xEF\xBB\xBF" + good).token == "t");
  CHECK(world.load_file(good + "apiVersion: v1\nkind: Config\npreferences: {colors: true}\nunknown: 1\n").token == "t");
  CHECK(world.load_file(good + "---\nkind: Pod\n").token == "t");
  CHECK(world.load_file(with_user("token: a, token: t")).token == "t");
  CHECK(world
            .load_file(
                config("server: &s 'https://h', tls-server-name: *s", "token: null, username: &x bob, password: *x"))
            .password == "bob");
}

TEST_CASE("11: merge keys count as in kubectl, where of a member that comes twice the last one wins") {
  World world;
  const auto user_of = [&](const std::string& entry) {
    return world.load_file("base: &base {username: bob, password: p}\n" + with_user(entry));
  };
  CHECK(user_of("<<: *base").username == "bob");
  CHECK(user_of("<<: *base, username: eve").username == "eve");
  CHECK(user_of("username: eve, <<: *base").username == "bob");
  CHECK(user_of("<<: [{username: eve}, *base]").username == "eve");
  CHECK(user_of("<<: [{username: eve}, *base]").password == "p");
}

TEST_CASE("4 6 7: files that are not there or not good") {
  World world;
  const std::string good = world.write("good", with_user("token: t"));
  world.variables["KUBECONFIG"] = good + ":" + world.write("bad", "a: [");
  CHECK(failure([&] { world.load(); }) == "bad YAML: end of sequence flow not found");
  world.variables["KUBECONFIG"] = good + ":" + std::filesystem::path(good).parent_path().string();
  CHECK(failure([&] { world.load(); }) == "kubeconfig: cannot read the file: Is a directory");

  world.variables["KUBECONFIG"] = world.path("x") + ":" + world.path("y");
  CHECK(failure([&] { world.load(); }) == "no cluster is configured (looked at " + world.path("x") + ", " +
                                              world.path("y") +
                                              ", and not in a pod); pass --kubeconfig or set KUBECONFIG");
  CHECK_FALSE(posture::connection_target(world.options()).has_value());
  world.variables.clear();
  CHECK(failure([&] { world.load(); }).find("neither KUBECONFIG nor HOME is set") != std::string::npos);
  world.variables["HOME"] = world.path("home");
  CHECK(failure([&] { world.load(); }).find("home/.kube/config") != std::string::npos);
  world.write("home/.kube/config", with_user("token: t"));
  CHECK(world.load().token == "t");

  posture::ConnectionOptions options = world.options();
  options.kubeconfig = world.path("x");
  CHECK(failure([&] { posture::load_connection(options); }) == "--kubeconfig: cannot read the file: it does not exist");
  options.kubeconfig = good;
  CHECK(posture::load_connection(options).origin == good);
}

TEST_CASE("8: a relative path starts at the folder of the file the entry came from") {
  World world;
  const std::string a = world.write("one/config", config("server: 'https://h'", "tokenFile: token"));
  world.write("one/token", "first\n");
  world.write("two/token", "second\n");
  const std::string b = world.write("two/config",
                                    "users: [{name: u2, user: {tokenFile: ../two/token}}]\n"
                                    "contexts: [{name: c2, context: {cluster: k, user: u2}}]\n");
  world.variables["KUBECONFIG"] = a + ":" + b;
  CHECK(world.load().token_file == world.path("one/token"));
  posture::ConnectionOptions options = world.options();
  options.context = "c2";
  CHECK(posture::load_connection(options).token_file == world.path("two/token"));
}

TEST_CASE("14 15: contexts, clusters and users that are not there") {
  World world;
  world.variables["KUBECONFIG"] = world.write("config", with_user("token: t"));
  posture::ConnectionOptions options = world.options();
  options.context = "other";
  CHECK(failure([&] { posture::load_connection(options); }) == "--context: no context \"other\" (there are: c)");
  const std::vector<Row> rows = {
      {"current-context: x", "current-context: no context \"x\" (there is none)"},
      {"contexts: [{name: c, context: {}}]",
       "no context is chosen: current-context is not set; pass --context (there are: c)"},
      {"current-context: c\ncontexts: [{name: c, context: {cluster: k}}]",
       "context \"c\" names cluster \"k\", which no loaded file defines"},
      {"current-context: c\ncontexts: [{name: c, context: {}}]", "context \"c\" names no cluster"},
      {"current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: [{name: k, cluster: "
       "{server: 'https://h'}}]",
       "context \"c\" names user \"u\", which no loaded file defines"},
      {"current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\nclusters: [{name: k, cluster: {server: "
       "'https://h'}}]",
       "context \"c\" names no user, so there are no credentials"},
  };
  for (const Row& row : rows) CHECK(failure([&] { world.load_file(row.text); }) == row.message);
}

TEST_CASE("16: conflicts and gaps") {
  const std::string ca = posture::encode_base64("x");
  const std::string https = "server: 'https://h', ";
  const std::vector<Row> rows = {
      {with_cluster(https + "certificate-authority: a, certificate-authority-data: " + ca),
       "cluster \"k\" sets both certificate-authority and certificate-authority-data; keep one"},
      {with_cluster(https + "insecure-skip-tls-verify: true, certificate-authority: a"),
       "cluster \"k\" sets insecure-skip-tls-verify and a certificate authority; keep the certificate authority"},
      {with_cluster(https + "certificate-authority: missing.crt"),
       "certificate-authority: cannot read the file: it does not exist"},
      {with_cluster(https + "certificate-authority-data: " + ca),
       "certificate-authority-data holds no PEM certificate"},
      {with_cluster(https + "certificate-authority: config"), "certificate-authority holds no PEM certificate"},
      {with_cluster("tls-server-name: x"), "cluster \"k\" has no server"},
      {with_user("client-certificate: a, client-certificate-data: " + ca + ", client-key: a"),
       "user \"u\" sets both client-certificate and client-certificate-data; keep one"},
      {with_user("client-certificate: a, client-key: a, client-key-data: " + ca),
       "user \"u\" sets both client-key and client-key-data; keep one"},
      {with_user("client-certificate: a"),
       "user \"u\" has a client certificate but neither client-key nor client-key-data"},
      {with_user("client-key: a"), "user \"u\" has no credentials; add a client certificate, a token or a token file"},
      {with_user(""), "user \"u\" has no credentials; add a client certificate, a token or a token file"},
      {with_user("token: t, username: bob"), "user \"u\" has both a token and username/password; keep one"},
      {with_user("token: \"a\\nb\""), "user \"u\" has a token with white space or control characters in it"},
      {with_user("tokenFile: missing"), "tokenFile: cannot read the file: it does not exist"},
      {with_user("auth-provider: {name: oidc}"),
       "the auth-provider of user \"u\" has no idp-issuer-url; log in again to have it written"},
      {with_user("auth-provider: {name: oidc, config: {idp-issuer-url: 'https://i'}}"),
       "the auth-provider of user \"u\" has no client-id; log in again to have it written"},
      {with_user("auth-provider: {name: oidc, config: {idp-issuer-url: 'http://i', client-id: c}}"),
       "the auth-provider of user \"u\" has an idp-issuer-url that is plain http://; use https://"},
      {with_user("auth-provider: {name: oidc, config: {idp-issuer-url: 'https://i', client-id: c, id-token: 'a b'}}"),
       "the auth-provider of user \"u\" has an id-token with white space or control characters in it"},
      {with_user("auth-provider: {name: oidc, config: {idp-issuer-url: 'https://i', client-id: c, "
                 "idp-certificate-authority-data: '?'}}"),
       "the auth-provider of user \"u\" has an idp-certificate-authority-data that is not valid base64"},
      {with_user("auth-provider: {name: gcp}"),
       "the auth-provider of user \"u\" is gcp, which kubectl no longer has either; install gke-gcloud-auth-plugin and "
       "run "
       "gcloud container clusters get-credentials again"},
      {with_user("token: t, auth-provider: {name: azure}"),
       "the auth-provider of user \"u\" is azure, which kubectl no longer has either; install kubelogin and run "
       "kubelogin "
       "convert-kubeconfig"},
      {with_user("auth-provider: {name: \"x\\ey\"}"),
       "the auth-provider of user \"u\" is \"x\\u001By\", which is unknown; only oidc is known"},
      {config("server: 'http://h'", "token: t"),
       "user \"u\" has credentials, but the server is plain http:// where everybody could read them; use https://"},
  };
  for (const Row& row : rows) {
    World world;
    CHECK(failure([&] { world.load_file(row.text); }) == row.message);
  }
}

TEST_CASE("what only looks like a conflict") {
  World world;
  world.write("token", " from-file \n");
  const std::string silent = "exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1}";
  CHECK(world.load_file(with_user("token: t, " + silent)).token == "t");
  CHECK(world.load_file(with_user("token: t, exec: null, as: ''")).token == "t");
  CHECK(world.load_file(with_user("username: bob")).username == "bob");
  const Connection both = world.load_file(with_user("token: t, tokenFile: token"));
  CHECK(both.token == "t");
  CHECK(both.token_file == world.path("token"));
  const std::string pair = "client-certificate: " + kPki + "client.crt, client-key: " + kPki + "client.key";
  CHECK_FALSE(world.load_file(with_user("token: t, " + pair)).client_key_pem.empty());
}

TEST_CASE("17 18: server URLs") {
  CHECK(server_of("https://h/k8s/c-1/?x#y") == "https://h/k8s/c-1");
  CHECK(server_of("HTTPS://Host:6443") == "https://Host:6443");
  CHECK(server_of("https://[::1]:6443/") == "https://[::1]:6443");
  CHECK(server_of("https://[fe80::1%25eth0]:6443") == "https://[fe80::1%25eth0]:6443");
  CHECK(failure([] { server_of("h:6443"); }) ==
        "server \"h:6443\" has no scheme, which means unencrypted http; write https:// before it");
  CHECK(failure([] { server_of("ftp://h"); }) == "server \"ftp://h\" must begin with https://");
  CHECK(failure([] { server_of("https://u:p@h"); }) ==
        "server must not hold a user name; use username and password of the user entry");
  for (const char* url :
       {"https://", "https:///x", "https://h:0", "https://h:70000", "https://h:x", "https://[::1", "https://::1]"}) {
    CHECK(failure([&] { server_of(url); }).find("names no valid host and port") != std::string::npos);
  }
  CHECK(failure([] { server_of("https://h/a b"); }).find("is not a URL") != std::string::npos);
}

TEST_CASE("20: where the namespace comes from") {
  World world;
  world.variables["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
  world.variables["KUBERNETES_SERVICE_PORT"] = "443";
  CHECK(world.load_file(with_user("token: t")).ns == "default");
  world.write("sa/token", "t");
  CHECK(world.load().ns == "default");
  world.write("sa/namespace", "mounted\n");
  CHECK(world.load().ns == "mounted");
  world.variables["POD_NAMESPACE"] = "variable";
  CHECK(world.load().ns == "variable");
  CHECK(world.load_file(config("server: 'https://h'", "token: t", ", namespace: mine")).ns == "mine");
}

TEST_CASE("41: the in-cluster identity is used only when no kubeconfig says anything") {
  World world;
  world.variables = {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}};
  CHECK(failure([&] { world.load(); }).find("no cluster is configured") != std::string::npos);
  world.write("sa/token", "t");
  CHECK(failure([&] { world.load(); }) == "ca.crt: cannot read the file: it does not exist");
  std::filesystem::copy(kPki + "ca.crt", world.path("sa/ca.crt"));
  CHECK(world.load().server == "https://10.0.0.1:443");
  CHECK(posture::connection_target(world.options())->server == "https://10.0.0.1:443");
  CHECK(world.load_file(with_user("token: t")).server == "https://h:1");
  CHECK(posture::connection_target(world.options())->context == "c");
  CHECK(failure([&] { world.load_file("current-context: gone"); }).find("no context \"gone\"") != std::string::npos);
  CHECK(world.load_file("apiVersion: v1\nkind: Config\n").origin == "in-cluster");
}

TEST_CASE("45: key formats") {
  for (const auto& entry : std::filesystem::directory_iterator(kKeys + "good")) {
    if (entry.path().extension() != ".key") continue;
    World world;
    const std::string stem = (entry.path().parent_path() / entry.path().stem()).string();
    INFO(stem);
    const std::string user = "client-certificate: " + stem + ".crt, client-key: " + stem + ".key";
    CHECK(failure([&] { world.load_file(with_user(user)); }).empty());
  }
  const std::map<std::string, std::string> flaws = {
      {"encrypted-pkcs8", "the client key is encrypted; store it without a pass phrase"},
      {"encrypted-traditional", "the client key is encrypted; store it without a pass phrase"},
      {"not-the-pair", "the client key does not belong to the client certificate"},
      {"chain-leaf-last", "the client key does not belong to the client certificate"},
      {"no-certificate", "the client certificate holds no PEM certificate"},
      {"no-key", "the client key holds no PEM private key"},
      {"truncated-key", "the client key holds no PEM private key"},
      {"empty-key", "the client key holds no PEM private key"},
  };
  for (const auto& [name, flaw] : flaws) {
    World world;
    const std::string stem = kKeys + "bad/" + name;
    const std::string user = "client-certificate: " + stem + ".crt, client-key: " + stem + ".key";
    CHECK(failure([&] { world.load_file(with_user(user)); }) == "user \"u\" cannot be used, with client-certificate " +
                                                                    stem + ".crt and client-key " + stem +
                                                                    ".key: " + flaw);
  }
  World world;
  const std::string encrypted = posture::encode_base64(content(kKeys + "bad/encrypted-pkcs8.key"));
  const std::string certificate = posture::encode_base64(content(kKeys + "bad/encrypted-pkcs8.crt"));
  const std::string user = "client-certificate-data: " + certificate + ", client-key-data: " + encrypted;
  CHECK(failure([&] { world.load_file(with_user(user)); }) ==
        "user \"u\" cannot be used, with client-certificate-data and client-key-data: " + flaws.at("encrypted-pkcs8"));
}

TEST_CASE("certificates are taken out of what surrounds them") {
  std::ifstream file(kPki + "ca.crt");
  const std::string ca((std::istreambuf_iterator<char>(file)), {});
  const std::string other = content(kPki + "client.crt");
  CHECK(posture::certificates_in("rubbish\n" + ca + "more\n" + other + ca) == ca + posture::certificates_in(other));
  CHECK(posture::certificates_in("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n" + ca) == ca);
  CHECK(posture::certificates_in("-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n" + ca) == ca);
  std::string renamed = ca;  // what no Go program takes for a root
  for (std::size_t at = 0; (at = renamed.find("CERTIFICATE", at)) != std::string::npos; at += 20) {
    renamed.insert(at, "TRUSTED ");
  }
  CHECK(posture::certificates_in(renamed).empty());
  CHECK(posture::certificates_in("").empty());
  CHECK(posture::certificates_in("-----BEGIN CERTIFICATE-----").empty());
}

TEST_CASE("21: huge files are refused at once") {
  const auto start = std::chrono::steady_clock::now();
  World world;
  CHECK(failure([&] { world.load_file(std::string(posture::kMaxKubeconfigBytes + 1, '#')); }) ==
        "kubeconfig: cannot read the file: it is larger than 8192 KiB");
  std::string users = "users:\n";
  for (std::size_t i = 0; i <= posture::kMaxKubeconfigEntries; ++i) users += "- {name: u" + std::to_string(i) + "}\n";
  CHECK(failure([&] { world.load_file(users); }) == "users has more than 10000 entries");
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "- ";
  CHECK(failure([&] { world.load_file(deep); }) == "bad YAML: nested too deep");
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string id = std::to_string(i);
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += "a" + id + ": &a" + id + " [" + alias;
    for (int repeated = 1; repeated < 9; ++repeated) bomb += ", " + alias;
    bomb += "]\n";
  }
  CHECK(failure([&] { world.load_file(bomb + with_user("token: t")); }).find("more than 2000000 nodes") !=
        std::string::npos);
  std::string many = "/x0";
  for (int i = 1; i < 200; ++i) many += ":/x" + std::to_string(i);
  world.variables["KUBECONFIG"] = many;
  CHECK(failure([&] { world.load(); }) == "KUBECONFIG names more than 100 files");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("names from a file cannot write to the terminal") {
  World world;
  CHECK(failure([&] { world.load_file("current-context: \"a\\x1b[31m\""); }) ==
        "current-context: no context \"a\\u001B[31m\" (there is none)");
}
