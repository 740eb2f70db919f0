// SPDX-License-Identifier: Apache-2.0
// The client's pieces that need no server.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/ip_address.h"
#include "base/server_address.h"
#include "source/client/api_groups.h"
#include "source/client/authorization.h"
#include "source/client/http_head.h"
#include "source/client/request_path.h"
#include "source/client/retry.h"
#include "source/client/server_status.h"

using namespace std::chrono_literals;
using posture::Failure;
using posture::GapReason;
using posture::RetryBudget;
using posture::RetryPurse;

TEST_CASE("list paths") {
  const posture::Resource pods{"", "v1", "pods", "Pod", true};
  const posture::Resource policies{"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true};
  CHECK(posture::list_path({pods, ""}, 500, "") == "/api/v1/pods?limit=500");
  CHECK(posture::list_path({pods, "a/../b"}, 500, "") == "/api/v1/namespaces/a%2F..%2Fb/pods?limit=500");
  CHECK(posture::list_path({policies, "x"}, 7, "") ==
        "/apis/networking.k8s.io/v1/namespaces/x/networkpolicies?limit=7");
  CHECK(posture::list_path({pods, ""}, 500, "a+/=&% \xff") == "/api/v1/pods?limit=500&continue=a%2B%2F%3D%26%25%20%FF");
}

TEST_CASE("server addresses") {
  const posture::ServerAddress plain = posture::parse_server("https://h.example:6443/k8s/c-1");
  CHECK(plain.host == "h.example");
  CHECK(plain.port == "6443");
  CHECK(plain.authority == "h.example:6443");
  CHECK(plain.prefix == "/k8s/c-1");
  CHECK(plain.tls);
  const posture::ServerAddress v6 = posture::parse_server("http://[fd00::1]");
  CHECK(v6.host == "fd00::1");
  CHECK(v6.port == "80");
  CHECK_FALSE(v6.tls);
  CHECK(posture::parse_server("https://h").port == "443");
  CHECK(posture::host_and_port("fd00::1", "1") == "[fd00::1]:1");
  CHECK(posture::parse_server("https://[fe80::1%25eth0]:6443").host == "fe80::1%25eth0");
  CHECK(posture::without_zone("fe80::1%25eth0") == "fe80::1");
  CHECK(posture::without_zone("h.example") == "h.example");
  CHECK(posture::zone_of("fe80::1%25eth0") == "eth0");
  CHECK(posture::zone_of("fe80::1%eth0") == "eth0");
  CHECK(posture::zone_of("fe80::1").empty());
  CHECK(posture::zone_of("h.example").empty());
  CHECK(posture::zone_index("lo") > 0);
  CHECK(posture::zone_index("7") == 7);
  for (const char* unknown : {"", "7x", "-1", "no-such-interface"}) CHECK(posture::zone_index(unknown) == 0);
  for (const char* near : {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.1.1", "::1", "fd12::1",
                           "fe80::1", "::ffff:10.0.0.1"}) {
    CHECK(posture::is_nearby_address(near));
  }
  for (const char* far : {"172.32.0.1", "8.8.8.8", "2001:db8::1", "192.169.0.1", "example.com", ""}) {
    CHECK_FALSE(posture::is_nearby_address(far));
  }
}

TEST_CASE("headers that matter") {
  posture::HttpHead head;
  for (const char* line : {"HTTP/1.1 429 Too Many\r\n", "Retry-After: 7\r\n", "CONTENT-TYPE:  text/html; x=y \r\n",
                           "Location: /a\x1b[1m\r\n", "junk\r\n", "\r\n"}) {
    posture::note_header(line, head);
  }
  CHECK(head.retry_after == 7s);
  CHECK(head.content_type == "text/html; x=y");
  CHECK(head.location == "/a\\u001B[1m");
  for (const char* line : {"Retry-After: Wed, 21 Oct 2026 07:28:00 GMT", "Retry-After: -1", "Retry-After: 1.5",
                           "Retry-After:", "Retry-After: 99999999999"}) {
    posture::note_header(line, head);
    CHECK_FALSE(head.retry_after.has_value());
  }
}

namespace {

/// How many tries a budget grants one page that fails like this all the time.
int tries(const Failure& failure) {
  RetryPurse purse;
  RetryBudget budget(purse);
  int count = 0;
  while (budget.next_wait(failure, 0.5)) ++count;
  return count;
}

}  // namespace

TEST_CASE("what is tried again, and how often") {
  CHECK(tries({429, 1s, ""}) == posture::kMaxAskedRetries);
  CHECK(tries({429, 0s, ""}) == posture::kMaxAskedRetries);
  CHECK(tries({500, 0s, ""}) == posture::kMaxAskedRetries);
  CHECK(tries({429, std::nullopt, ""}) == posture::kMaxOwnRetries);
  CHECK(tries({503, std::nullopt, ""}) == posture::kMaxOwnRetries);
  CHECK(tries({500, std::nullopt, "InternalError"}) == posture::kMaxOwnRetries);
  CHECK(tries({0, std::nullopt, ""}) == posture::kMaxBrokenRetries);
  CHECK(tries({429, 30s, ""}) == 4);   // 120 s in all
  CHECK(tries({429, 61s, ""}) == 0);   // more than one wait may take
  for (const int status : {400, 401, 403, 404, 406, 409, 410, 422, 500, 501, 301})
    CHECK(tries({status, std::nullopt, ""}) == 0);
  CHECK(tries({404, 1s, ""}) == 0);
}

TEST_CASE("waits of our own grow and are spread, and all waits share a purse") {
  RetryPurse purse;
  RetryBudget budget(purse);
  CHECK(budget.next_wait({503, std::nullopt, ""}, 0.0) == 1000ms);
  CHECK(budget.next_wait({503, std::nullopt, ""}, 0.999) < 1010ms);
  CHECK(budget.next_wait({503, std::nullopt, ""}, 0.0) == 4000ms);
  CHECK_FALSE(budget.next_wait({503, std::nullopt, ""}, 0.0).has_value());
  budget.page_done();
  CHECK(budget.next_wait({503, std::nullopt, ""}, 0.0) == 1000ms);
  purse.left = 5s;
  CHECK_FALSE(RetryBudget(purse).next_wait({429, 6s, ""}, 0).has_value());
  CHECK(RetryBudget(purse).next_wait({429, 5s, ""}, 0) == 5s);
  CHECK(purse.left == 0s);
}

TEST_CASE("whether a body is packed") {
  for (const auto& [line, packed] : std::vector<std::pair<std::string, bool>>{{"Content-Encoding: gzip\r\n", true},
                                                                              {"content-encoding: identity\r\n", false},
                                                                              {"Content-Encoding:\r\n", false}}) {
    posture::HttpHead head;
    posture::note_header(line, head);
    CHECK(head.packed == packed);
  }
}

TEST_CASE("transfers that come to nothing cost what they took, so that a silent server is not asked for hours") {
  CHECK(tries({0, std::nullopt, "", 30s}) == 3);
  RetryPurse purse;
  purse.left = 40s;
  CHECK(RetryBudget(purse).next_wait({0, std::nullopt, "", 30s}, 0) == 1000ms);
  CHECK(purse.left == 9s);
  CHECK_FALSE(RetryBudget(purse).next_wait({0, std::nullopt, "", 30s}, 0).has_value());
  CHECK(purse.left == 0s);
}

TEST_CASE("what a refusal says") {
  const posture::ServerStatus status = posture::read_status(
      403,
      R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":"no\u001b[31m","reason":"Forbidden","code":403})");
  CHECK(status.reason == "Forbidden");
  CHECK(posture::describe(status) == "no\\u001B[31m");
  CHECK(posture::describe(posture::read_status(502, "<html>\n bad  gateway")) ==
        "the server answered 502: <html> bad gateway");
  CHECK(posture::describe(posture::read_status(503, "")) == "the server answered 503");
  CHECK(
      posture::read_status(200, R"({"kind":"Status","apiVersion":"v1","code":410,"metadata":{"continue":"t"}})").code ==
      410);
  CHECK(posture::read_status(200, R"({"kind":"Status","apiVersion":"v1","code":99999})").code == 999);
  CHECK(posture::read_status(500, std::string(5000, 'x')).message.size() < 600);
  CHECK(posture::read_status(500, "\xff\xfe").message == "\xEF\xBF\xBD\xEF\xBF\xBD");
  const std::vector<std::pair<int, GapReason>> rows = {
      {403, GapReason::forbidden},   {404, GapReason::not_served},  {405, GapReason::not_served},
      {406, GapReason::not_served},  {415, GapReason::not_served},  {410, GapReason::unavailable},
      {429, GapReason::unavailable}, {500, GapReason::unavailable}, {599, GapReason::unavailable},
      {400, GapReason::malformed},   {302, GapReason::malformed},   {200, GapReason::malformed}};
  for (const auto& [code, reason] : rows) CHECK(posture::gap_reason(code) == reason);
}

TEST_CASE("media types") {
  CHECK(posture::is_acceptable("application/json", "application/json"));
  CHECK(posture::is_acceptable("Application/JSON; charset=utf-8", "application/json;as=Table;g=x, text/plain"));
  CHECK(posture::is_acceptable("text/plain", "application/json,  text/plain"));
  CHECK(posture::is_acceptable("", "application/json"));
  CHECK_FALSE(posture::is_acceptable("text/html", "application/json"));
  CHECK_FALSE(posture::is_acceptable("application/jsonx", "application/json"));
}

TEST_CASE("discovery documents") {
  CHECK(posture::is_aggregated_discovery("application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io;x=y"));
  CHECK_FALSE(posture::is_aggregated_discovery("application/json"));
  const auto versions = posture::read_aggregated(R"({"kind":"APIGroupDiscoveryList","items":[
    {"metadata":{"name":"g"},"versions":[
      {"version":"v2","freshness":"Current","resources":[
        {"resource":"as","responseKind":{"kind":"A"},"scope":"Namespaced","verbs":["get","list"]},
        {"resource":"bs","responseKind":{"kind":"B"},"scope":"Cluster","verbs":["create"]},
        {"resource":"cs","scope":"Cluster","verbs":["list"]}]},
      {"version":"v1","resources":[
        {"resource":"as","responseKind":{"kind":"A"},"scope":"Namespaced","verbs":["list"]},
        {"resource":"ds","responseKind":{"kind":"D"},"scope":"Cluster","verbs":["list"]}]}]},
    {"metadata":{"name":"h"},"versions":[{"version":"v1","freshness":"Stale","resources":[
        {"resource":"es","responseKind":{"kind":"E"},"scope":"Cluster","verbs":["list"]}]}]}]})");
  REQUIRE(versions.has_value());
  const std::vector<posture::Resource> resources = posture::preferred_resources(*versions);
  REQUIRE(resources.size() == 2);
  CHECK(posture::api_version(resources[0]) == "g/v2");
  CHECK(resources[0].namespaced);
  CHECK(posture::group_resource(resources[1]) == "ds.g");
  CHECK(resources[1].version == "v1");
  CHECK(versions->back().stale);
  for (const char* bad : {"", "[]", "{}", "\"x\"", R"({"kind":"APIGroupList"})"})
    CHECK_FALSE(posture::read_aggregated(bad).has_value());
  const auto groups = posture::read_versions(
      R"({"kind":"APIGroupList","groups":[{"name":"g","versions":[{"version":"v1beta1"},{"version":"v1"}],
    "preferredVersion":{"version":"v1"}},{"name":"odd"}]})");
  REQUIRE(groups.has_value());
  REQUIRE(groups->size() == 2);
  CHECK(groups->at(0).version == "v1");
  CHECK(groups->at(1).version == "v1beta1");
}

namespace {

std::string header_now(posture::Authorization& authorization) {
  authorization.bring_up_to_date();
  return authorization.header();
}

}  // namespace

TEST_CASE("22 23: token files are read again, and the last good token stays") {
  std::string folder = (std::filesystem::temp_directory_path() / "posture-token-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/token";
  const auto write = [&](const std::string& text) { std::ofstream(path) << text; };
  posture::Connection connection;
  connection.token = "fallback";
  connection.token_file = path;
  posture::Authorization eager(connection, 0ms);
  CHECK(header_now(eager) == "Bearer fallback");
  write(" one \n");
  CHECK(header_now(eager) == "Bearer one");
  for (const char* bad : {"", "\n", "two words", "a\nb"}) {
    write(bad);
    CHECK(header_now(eager) == "Bearer one");
  }
  posture::Authorization lazy(connection, 1h);
  write("two");
  CHECK(header_now(lazy) == "Bearer two");
  write("three");
  CHECK(header_now(lazy) == "Bearer two");
  CHECK(lazy.refresh(lazy.generation()));
  CHECK(header_now(lazy) == "Bearer three");
  CHECK_FALSE(lazy.refresh(lazy.generation()));
  CHECK(lazy.refresh(lazy.generation() - 1));
  std::filesystem::remove_all(folder);
  CHECK(header_now(eager) == "Bearer one");
  posture::Connection basic;
  basic.username = "user";
  CHECK(posture::Authorization(basic).header() == "Basic dXNlcjo=");
  CHECK(posture::Authorization(posture::Connection()).header().empty());
}
