// SPDX-License-Identifier: Apache-2.0
// Proxies between us and the server, and whom we act as.
#include <catch2/catch.hpp>

#include "fixtures.h"
#include "source/client/impersonation_headers.h"
#include "test_proxy.h"

namespace {

using Kind = TestProxy::Kind;

int port_of(const ScriptedServer& server) { return std::stoi(server.url().substr(server.url().rfind(':') + 1)); }

/// A server whose name only the proxy can look up.
struct Hidden {
  Pki pki;
  TestIdentity identity = make_identity({"x", "DNS:api.invalid", -3600, 3600, false}, &pki.ca);
  ScriptedServer server{by_path({{"/x", json("{}")}}), &identity};

  Connection through(const std::string& scheme, const TestProxy& proxy) const {
    Connection connection = pki.trusted(server);
    connection.server = "https://api.invalid:6443";
    connection.token = "cluster-secret";
    connection.proxy = {scheme + "://localhost:" + std::to_string(proxy.port()), "", "", "proxy-url"};
    return connection;
  }
};

}  // namespace

TEST_CASE("48: http, https and socks5 proxies look the name up, and see no credentials") {
  const Hidden hidden;
  struct Row {
    std::string scheme;
    Kind kind;
    const TestIdentity* identity;
  };
  for (const Row& row : {Row{"http", Kind::http, nullptr}, Row{"https", Kind::http, &hidden.pki.server},
                         Row{"socks5h", Kind::socks5, nullptr}}) {
    INFO(row.scheme);
    const TestProxy proxy(row.kind, port_of(hidden.server), row.identity);
    Connection connection = hidden.through(row.scheme, proxy);
    if (row.kind == Kind::http) {
      connection.proxy->user = "me";
      connection.proxy->password = "proxy password";
    }
    const std::unique_ptr<posture::Source> source = client(connection);
    for (int i = 0; i < 3; ++i) CHECK_FALSE(source->get({"/x"}).gap.has_value());
    const std::vector<std::string> asked = proxy.asked();
    REQUIRE(asked.size() == 1);
    CHECK(hidden.server.log().back().headers.at("authorization") == "Bearer cluster-secret");
    CHECK(hidden.server.log().back().headers.count("proxy-authorization") == 0);
    if (row.kind == Kind::http) {
      CHECK_THAT(asked[0], Catch::StartsWith("CONNECT api.invalid:6443 HTTP/1.1\r\n"));
      CHECK_THAT(asked[0], Catch::Contains("Proxy-Authorization: Basic bWU6cHJveHkgcGFzc3dvcmQ="));
      CHECK_THAT(asked[0], !Catch::Contains("Bearer"));
    } else {
      CHECK(asked[0] == "api.invalid:6443");
    }
  }
}

TEST_CASE("48: tls-server-name is checked behind a proxy, too") {
  const Hidden hidden;
  const TestProxy proxy(Kind::http, port_of(hidden.server));
  Connection connection = hidden.through("http", proxy);
  connection.server = "https://10.9.8.7:6443";
  connection.tls_server_name = "api.invalid";
  CHECK_FALSE(client(connection)->get({"/x"}).gap.has_value());
  CHECK_THAT(proxy.asked().at(0), Catch::StartsWith("CONNECT 10.9.8.7:6443 "));
  CHECK(hidden.server.log().back().headers.at("host") == "10.9.8.7:6443");
}

TEST_CASE("proxies that do not let us through") {
  const Hidden hidden;
  const TestIdentity stranger = make_identity({"x", "DNS:localhost", -3600, 3600, false});
  const TestIdentity nameless = make_identity({"localhost", "", -3600, 3600, false}, &hidden.pki.ca);
  struct Row {
    std::string scheme;
    const TestIdentity* identity;
    std::string refusal;
    std::string words;
  };
  const std::vector<Row> rows = {
      {"http", nullptr, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "407"},
      {"http", nullptr, "HTTP/1.1 503 No\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>", "503"},
      {"https", &stranger, "", "self-signed certificate"},
      {"https", &nameless, "", "ostname mismatch"},
  };
  for (const Row& row : rows) {
    INFO(row.words);
    const TestProxy proxy(Kind::http, port_of(hidden.server), row.identity, row.refusal);
    const Connection connection = hidden.through(row.scheme, proxy);
    const auto error = failure([&] { client(connection)->about(); });
    CHECK(error.first == ErrorKind::connection);
    CHECK_THAT(error.second, Catch::StartsWith("cannot reach https://api.invalid:6443 through the proxy " +
                                               connection.proxy->url + " of proxy-url: it does not let us through (") &&
                                 Catch::Contains(row.words) && Catch::EndsWith("HTTPS_PROXY and NO_PROXY"));
  }
  CHECK(hidden.server.log().empty());
  Connection connection = hidden.pki.trusted(hidden.server);
  connection.proxy = {"http://no-such-proxy.invalid:3128", "", "", "HTTPS_PROXY"};
  CHECK_THAT(failure([&] { client(connection)->about(); }).second, Catch::Contains("it does not let us through ("));
}

TEST_CASE("25: impersonation headers") {
  posture::Impersonation whom;
  CHECK(posture::impersonation_headers(whom).empty());
  whom.user = "jane@example.com";
  whom.uid = "u-1";
  whom.groups = {"dev", "system:authenticated", ""};
  whom.extra = {{"acme.com/Project", {"one", "two"}}, {"50%", {"\xC3\xA9"}}};
  CHECK(posture::impersonation_headers(whom) ==
        std::vector<std::string>{"Impersonate-User: jane@example.com", "Impersonate-Uid: u-1", "Impersonate-Group: dev",
                                 "Impersonate-Group: system:authenticated", "Impersonate-Group;",
                                 "Impersonate-Extra-acme.com%2FProject: one",
                                 "Impersonate-Extra-acme.com%2FProject: two", "Impersonate-Extra-50%25: \xC3\xA9"});
}

TEST_CASE("25: impersonation on the wire, over plain http, too") {
  const ScriptedServer server(by_path({{"/x", json("{}")}}));
  Connection connection = to(server);
  connection.impersonate = {"jane", "", {"dev"}, {{"a/b", {"c"}}}};
  CHECK_FALSE(client(connection)->get({"/x"}).gap.has_value());
  const std::map<std::string, std::string> headers = server.log()[0].headers;
  CHECK(headers.at("impersonate-user") == "jane");
  CHECK(headers.at("impersonate-group") == "dev");
  CHECK(headers.at("impersonate-extra-a%2fb") == "c");
  CHECK(headers.count("impersonate-uid") == 0);
}
