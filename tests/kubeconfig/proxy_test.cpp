// SPDX-License-Identifier: Apache-2.0
// Which proxy a connection uses, whom it acts as, and whom it trusts where the environment has a say.
#include "kubeconfig/proxy.h"

#include <catch2/catch.hpp>

#include "load_fixtures.h"

namespace {

const std::string kToken = "token: t";

std::string with_proxy(const std::string& url) {
  return config("server: 'https://h:1', proxy-url: '" + url + "'", kToken);
}

}  // namespace

TEST_CASE("48: proxy-url") {
  struct Case {
    std::string url;
    std::string used;
    std::string user;
    std::string password;
  };
  const std::vector<Case> cases = {
      {"http://p:3128", "http://p:3128", "", ""},
      {"HTTP://p", "http://p:80", "", ""},
      {"https://p/", "https://p:443", "", ""},
      {"socks5://p", "socks5h://p:1080", "", ""},
      {"socks5://[::1]:9", "socks5h://[::1]:9", "", ""},
      {"http://[::1]", "http://[::1]:80", "", ""},
      {"http://me:pass%40word%2f@p:1", "http://p:1", "me", "pass@word/"},
      {"http://me@p:1", "http://p:1", "me", ""},
  };
  for (const Case& each : cases) {
    INFO(each.url);
    World world;
    world.variables["HTTPS_PROXY"] = "http://other";
    world.variables["NO_PROXY"] = "*";  // which has no say about proxy-url
    const auto proxy = world.load_file(with_proxy(each.url)).proxy;
    REQUIRE(proxy.has_value());
    CHECK(proxy->url == each.used);
    CHECK(proxy->user == each.user);
    CHECK(proxy->password == each.password);
    CHECK(proxy->source == "proxy-url");
  }
  const std::string advice = "; write http://, https:// or socks5://, host and port";
  const std::vector<Row> rows = {
      {with_proxy("p:3128"), "proxy-url names no scheme" + advice},
      {with_proxy("ftp://p"), "proxy-url has the scheme ftp, which no proxy here speaks" + advice},
      {with_proxy("socks5h://p"), "proxy-url has the scheme socks5h, which no proxy here speaks" + advice},
      {with_proxy("http://"), "proxy-url names no valid host and port" + advice},
      {with_proxy("http://me:secret@p:x"), "proxy-url names no valid host and port" + advice},
  };
  for (const Row& row : rows) {
    World world;
    CHECK(failure([&] { world.load_file(row.text); }) == row.message);
  }
}

TEST_CASE("48: the proxy of the environment") {
  struct Case {
    std::string server;
    std::map<std::string, std::string> variables;
    std::string used;  // "" for none
    std::string source;
  };
  const std::vector<Case> cases = {
      {"https://h:6443", {}, "", ""},
      {"https://h:6443", {{"HTTPS_PROXY", "http://p:1"}}, "http://p:1", "HTTPS_PROXY"},
      {"https://h:6443", {{"https_proxy", "p:1"}}, "http://p:1", "https_proxy"},
      {"https://h:6443", {{"HTTPS_PROXY", "socks5h://p"}}, "socks5h://p:1080", "HTTPS_PROXY"},
      {"https://h:6443", {{"HTTPS_PROXY", "p:1"}, {"https_proxy", "q:1"}}, "http://p:1", "HTTPS_PROXY"},
      {"https://h:6443", {{"HTTP_PROXY", "p:1"}, {"ALL_PROXY", "p:1"}}, "", ""},
      {"https://h:6443", {{"HTTPS_PROXY", "p:1"}, {"NO_PROXY", "h"}}, "", ""},
      {"https://h:6443", {{"HTTPS_PROXY", "p:1"}, {"no_proxy", "x,H"}}, "", ""},
      {"https://localhost:6443", {{"HTTPS_PROXY", "p:1"}}, "", ""},
      {"https://127.3.2.1:6443", {{"HTTPS_PROXY", "p:1"}}, "", ""},
      {"https://[::1]:6443", {{"HTTPS_PROXY", "p:1"}}, "", ""},
  };
  for (const Case& each : cases) {
    World world;
    world.variables = each.variables;
    const auto proxy = world.load_file(config("server: '" + each.server + "'", kToken)).proxy;
    CHECK((proxy ? proxy->url : "") == each.used);
    CHECK((proxy ? proxy->source : "") == each.source);
  }
  World world;
  world.variables["HTTP_PROXY"] = "p:1";
  CHECK(world.load_file(config("server: 'http://h'", "")).proxy->url == "http://p:1");
  world.variables = {{"https_proxy", "gopher://p"}};
  CHECK(failure([&] { world.load_file(config("server: 'https://h'", kToken)); }) ==
        "https_proxy has the scheme gopher, which no proxy here speaks; write http://, https:// or socks5://, host and "
        "port");
}

TEST_CASE("48: whom NO_PROXY excepts") {
  struct Case {
    const char* rules;
    const char* host;
    const char* port;
    bool excepted;
  };
  const Case cases[] = {
      {"*", "h", "1", true},
      {"a, *", "h", "1", true},
      {"", "h", "1", false},
      {" ,,", "h", "1", false},
      {"example.com", "example.com", "1", true},
      {"example.com", "api.example.com", "1", true},
      {"example.com", "notexample.com", "1", false},
      {".example.com", "api.example.com", "1", true},
      {".example.com", "example.com", "1", false},
      {"*.example.com", "api.EXAMPLE.com", "1", true},
      {"*.example.com", "example.com", "1", false},
      {"example.com:6443", "api.example.com", "6443", true},
      {"example.com:6443", "api.example.com", "443", false},
      {":6443", "h", "6443", false},
      {"10.0.0.0/8", "10.1.2.3", "1", true},
      {"10.0.0.0/8", "11.1.2.3", "1", false},
      {"10.0.0.0/8", "ten.example.com", "1", false},
      {"10.0.0.0/33", "10.0.0.0", "1", false},
      {"fd00::/8", "fd12::1", "1", true},
      {"fd00::/8", "fe12::1", "1", false},
      {"0.0.0.0/0", "10.1.2.3", "1", true},
      {"10.1.2.3", "10.1.2.3", "1", true},
      {"10.1.2.3:1", "10.1.2.3", "2", false},
      {"10.1.2.3:2", "10.1.2.3", "2", true},
      {"[fd00::1]:2", "fd00::1", "2", true},
      {"fd00::1", "fd00:0::1", "2", true},
      {"[", "h", "1", false},
  };
  for (const Case& each : cases) {
    INFO(each.rules << " " << each.host);
    CHECK(posture::is_excepted(each.rules, each.host, each.port) == each.excepted);
  }
}

TEST_CASE("25 26: impersonation") {
  World world;
  const Connection file = world.load_file(
      config("server: 'https://h'",
             kToken + ", as: jane, as-uid: u-1, as-groups: [a, b], as-user-extra: {reason: [x], k: []}"));
  CHECK(file.impersonate.user == "jane");
  CHECK(file.impersonate.uid == "u-1");
  CHECK(file.impersonate.groups == std::vector<std::string>{"a", "b"});
  REQUIRE(file.impersonate.extra.size() == 2);
  CHECK(file.impersonate.extra[0].first == "reason");

  posture::ConnectionOptions options = world.options();
  options.impersonate = {"bob", "", {"c"}, {}};
  const Connection flags = posture::load_connection(options);
  CHECK(flags.impersonate.user == "bob");
  CHECK(flags.impersonate.uid == "u-1");
  CHECK(flags.impersonate.groups == std::vector<std::string>{"c"});

  const std::string no_user =
      "impersonation of a uid, of groups or of extra fields needs a user: --as, or `as` in the file";
  const std::vector<Row> rows = {
      {config("server: 'https://h'", kToken + ", as-groups: [a]"), no_user},
      {config("server: 'https://h'", kToken + ", as-uid: a"), no_user},
      {config("server: 'https://h'", kToken + ", as-user-extra: {a: [b]}"), no_user},
      {config("server: 'https://h'", kToken + ", as: \"a\\r\\nX-Evil: b\""),
       "impersonation: a name holds control characters, or an extra key is empty"},
      {config("server: 'https://h'", kToken + ", as-groups: a"), "as-groups must be a list, not a string"},
      {config("server: 'https://h'", kToken + ", as-user-extra: {a: b}"), "as-user-extra must be a list, not a string"},
  };
  for (const Row& row : rows) CHECK(failure([&] { world.load_file(row.text); }) == row.message);
  options.impersonate = {"", "", {"c"}, {}};
  world.load_file(config("server: 'https://h'", kToken));
  CHECK(failure([&] { posture::load_connection(options); }) == no_user);
  world.load_file(config("server: 'http://h'", ""));
  CHECK(failure([&] { posture::load_connection(options); }) == no_user);
}

TEST_CASE("47: SSL_CERT_FILE and SSL_CERT_DIR name the system's roots") {
  World world;
  const std::string ca = posture::certificates_in(content(kPki + "ca.crt"));
  const std::string client = posture::certificates_in(content(kPki + "client.crt"));
  const std::string text = config("server: 'https://h'", kToken);
  CHECK(world.load_file(text).ca_pem.empty());
  world.variables["SSL_CERT_DIR"] = world.path("none");
  world.variables["SSL_CERT_FILE"] = kPki + "ca.crt";
  CHECK(world.load_file(text).ca_pem == ca);
  world.write("folder/a.pem", client);
  world.write("folder/rubbish", "x");
  world.variables["SSL_CERT_DIR"] = world.path("none") + ":" + world.path("folder");
  CHECK(world.load_file(text).ca_pem == ca + client);
  world.variables["SSL_CERT_FILE"] = world.path("none");
  CHECK(world.load_file(text).ca_pem == client);
  world.variables["SSL_CERT_DIR"] = world.path("none");
  CHECK(failure([&] { world.load_file(text); }) ==
        "SSL_CERT_FILE and SSL_CERT_DIR name no certificate; correct or unset them");
  CHECK(world.load_file(config("server: 'https://h', insecure-skip-tls-verify: true", kToken)).ca_pem.empty());
  CHECK(world.load_file(config("server: 'https://h', certificate-authority: '" + kPki + "ca.crt'", kToken)).ca_pem ==
        ca);
}

TEST_CASE("47: the system's roots are read once each, and only where there is something to verify") {
  World world;
  const std::string ca = posture::certificates_in(content(kPki + "ca.crt"));
  const std::string client = posture::certificates_in(content(kPki + "client.crt"));
  const std::string https = config("server: 'https://h'", kToken);
  world.variables["SSL_CERT_FILE"] = world.write("folder/bundle.crt", ca + client);
  world.variables["SSL_CERT_DIR"] = world.path("folder") + ":" + world.path("other");
  const std::string certificate = world.write("folder/ca.pem", "a comment\n" + ca);
  std::filesystem::create_symlink("ca.pem", world.path("folder/0a1b2c3d.0"));
  world.write("other/ca.pem", content(kPki + "ca.crt"));
  std::filesystem::create_symlink(certificate, world.path("other/link"));
  CHECK(world.load_file(https).ca_pem == ca + client);

  world.variables["SSL_CERT_FILE"] = world.write("empty", "");
  world.variables["SSL_CERT_DIR"] = world.path("none");
  CHECK(failure([&] { world.load_file(https); }) ==
        "SSL_CERT_FILE and SSL_CERT_DIR name no certificate; correct or unset them");
  CHECK(world.load_file(config("server: 'http://h'", "")).ca_pem.empty());
  CHECK(world.load_file(config("server: 'http://h', proxy-url: 'http://p'", "")).ca_pem.empty());
  world.variables["SSL_CERT_FILE"] = kPki + "ca.crt";
  CHECK(world.load_file(config("server: 'http://h', proxy-url: 'https://p'", "")).ca_pem == ca);
}
