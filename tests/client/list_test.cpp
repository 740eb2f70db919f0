// SPDX-License-Identifier: Apache-2.0
// Lists against a server that misbehaves on purpose; the numbers are those of apiclient.md section 9.
#include <atomic>
#include <catch2/catch.hpp>
#include <set>

#include "posture/client.h"
#include "posture/error.h"
#include "recording_sink.h"
#include "scripted_server.h"
#include "source/client/list_read.h"
#include "source/client/pace.h"
#include "source/client/retry.h"

using namespace std::chrono_literals;
using posture::Error;
using posture::GapReason;

namespace {

const posture::Resource kPods{"", "v1", "pods", "Pod", true};
const posture::Resource kDeployments{"apps", "v1", "deployments", "Deployment", true};

posture::ClientOptions quick(std::chrono::milliseconds stall = 10s) {
  posture::ClientOptions options;
  options.retry_pace = 0.002;
  options.stall_timeout = stall;
  options.connect_timeout = 10s;
  options.user_agent = "kube-posture/test";
  return options;
}

std::unique_ptr<posture::Source> client(const ScriptedServer& server, const posture::ClientOptions& options = quick()) {
  posture::Connection connection;
  connection.server = server.url();
  return posture::make_client(connection, options);
}

std::string pod(int number, const std::string& more = "") {
  const std::string id = std::to_string(number);
  return R"({"metadata":{"name":"p)" + id + R"(","namespace":"n","uid":"u)" + id + "\"}" + more + "}";
}

/// Pods `first` to `last` as one page.
std::string page(int first, int last, const std::string& token = "") {
  std::string items;
  for (int i = first; i <= last; ++i) items += (i > first ? "," : "") + pod(i);
  return R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1","continue":")" + token +
         R"("},"items":[)" + items + "]}";
}

std::vector<std::string> pods(int first, int last) {
  std::vector<std::string> names;
  for (int i = first; i <= last; ++i) names.push_back("p" + std::to_string(i));
  return names;
}

bool asks_for(const Asked& asked, const std::string& token) {
  return asked.target.find(token.empty() ? "limit=500" : "continue=" + token) != std::string::npos &&
         (!token.empty() || asked.target.find("continue") == std::string::npos);
}

RecordingSink::List list_pods(posture::Source& source) {
  const posture::ListRequest request{kPods, ""};
  RecordingSink sink(1);
  source.list({&request, 1}, sink);
  REQUIRE(sink.lists[0].ends == 1);
  return sink.lists[0];
}

RecordingSink::List list_pods(const ScriptedServer& server, const posture::ClientOptions& options = quick()) {
  return list_pods(*client(server, options));
}

/// A server whose n-th request gets the n-th reply; the last one is repeated.
ScriptedServer::Script in_order(std::vector<Reply> replies) {
  return [replies = std::move(replies)](const Asked& asked) {
    return replies[std::min(asked.number, replies.size() - 1)];
  };
}

}  // namespace

TEST_CASE("pages follow each other by the server's token") {
  const ScriptedServer server([](const Asked& asked) {
    if (asks_for(asked, "a%2B%2F%3D%26%25")) return json(page(3, 4, "b"));
    if (asks_for(asked, "b")) return json(page(1, 0, "c"));  // empty, and yet not the last
    if (asks_for(asked, "c")) return json(page(5, 5));
    return json(page(1, 2, "a+/=&%"));
  });
  const RecordingSink::List list = list_pods(server);
  CHECK(list.names == pods(1, 5));
  CHECK_FALSE(list.gap.has_value());
  const std::vector<Asked> log = server.log();
  REQUIRE(log.size() == 4);
  CHECK(log[0].target == "/api/v1/pods?limit=500");
  for (const Asked& asked : log) {
    CHECK(asked.connection == 0);
    CHECK(asked.method == "GET");
    CHECK(asked.headers.at("accept") == "application/json");
    CHECK(asked.headers.at("user-agent") == "kube-posture/test");
    CHECK(asked.headers.count("accept-encoding") == 0);
    CHECK(asked.target.find("resourceVersion") == std::string::npos);
  }
}

TEST_CASE("several lists, each on a connection of its own, in their own order") {
  const ScriptedServer server([](const Asked& asked) {
    if (asked.target.find("deployments") == std::string::npos) return json(page(1, 3));
    return json(
        R"({"items":[{"metadata":{"name":"d"}}],"metadata":{},"apiVersion":"apps/v1","kind":"DeploymentList"})");
  });
  posture::ClientOptions options = quick();
  options.parallel = 3;
  const std::vector<posture::ListRequest> requests = {
      {kPods, "a"}, {kDeployments, ""}, {kPods, "b"}, {kPods, "c"}, {kDeployments, "x"}};
  RecordingSink sink(requests.size());
  client(server, options)->list(requests, sink);
  CHECK(sink.lists[0].names == pods(1, 3));
  CHECK(sink.lists[1].names == std::vector<std::string>{"d"});
  CHECK(sink.lists[4].names == std::vector<std::string>{"d"});
  std::set<std::size_t> connections;
  for (const Asked& asked : server.log()) connections.insert(asked.connection);
  CHECK(connections.size() <= 3);
  for (const RecordingSink::List& list : sink.lists) {
    CHECK(list.ends == 1);
    CHECK_FALSE(list.gap.has_value());
  }
  RecordingSink none(0);
  client(server)->list({}, none);
}

TEST_CASE("78 79 52 67: what passes by itself is waited for") {
  const Reply good = json(page(1, 2));
  const std::vector<std::pair<std::string, std::vector<Reply>>> rows = {
      {"429 with Retry-After", {status_reply(429, "TooManyRequests", "x", "Retry-After: 1\r\n"), good}},
      {"429 of priority and fairness", {reply(429, "text/plain", "Too many requests", "Retry-After: 0\r\n"), good}},
      {"429 without", {reply(429, "text/plain", "Too many requests"), good}},
      {"503 burst",
       {reply(503, "text/html", "<b>"), reply(503, "text/html", "<b>"), reply(503, "text/html", "<b>"), good}},
      {"500 timeout", {status_reply(500, "ServerTimeout", "x"), good}},
      {"504 with Retry-After", {status_reply(504, "Timeout", "x", "Retry-After: 1\r\n"), good}},
      {"cut before the head", {Reply{"", true, 0ms, 0ms}, Reply{"", true, 0ms, 0ms}, good}},
      {"cut in the head", {Reply{"HTTP/1.1 200 OK\r\nContent-", true, 0ms, 0ms}, good}},
      {"cut in the body", {cut_short(good, 1), cut_short(good, 40), good}},
      {"cut JSON", {json(page(1, 2).substr(0, 120)), good}},
      {"two documents", {json(page(1, 2) + page(3, 4)), good}},
      {"keep-alive closed", {Reply{good.bytes, true, 0ms, 0ms}}},
  };
  for (const auto& [name, replies] : rows) {
    INFO(name);
    const ScriptedServer server(in_order(replies));
    const RecordingSink::List list = list_pods(server);
    CHECK(list.names == pods(1, 2));
    CHECK_FALSE(list.gap.has_value());
    CHECK(server.log().size() == replies.size());
  }
}

TEST_CASE("a page that stalls is asked for again") {
  const Reply good = json(page(1, 2));
  const ScriptedServer server(in_order({Reply{good.bytes.substr(0, 200), false, 0ms, 5000ms}, good}));
  const RecordingSink::List list = list_pods(server, quick(400ms));
  CHECK(list.names == pods(1, 2));
  CHECK_FALSE(list.gap.has_value());
}

TEST_CASE("53: a page that breaks is asked for again, and no item comes twice") {
  const std::string second = page(3, 8);
  for (std::size_t missing = 1; missing < second.size(); missing += 17) {
    std::size_t tries = 0;
    const ScriptedServer server([&](const Asked& asked) {
      if (!asks_for(asked, "t")) return json(page(1, 2, "t"));
      return ++tries == 1 ? cut_short(json(second), missing) : json(second);
    });
    const RecordingSink::List list = list_pods(server);
    REQUIRE(list.names == pods(1, 8));
    REQUIRE_FALSE(list.gap.has_value());
    REQUIRE(server.log().size() == 3);
  }
}

TEST_CASE("53: no item comes twice where a page ends earlier the second time") {
  std::size_t tries = 0;
  const ScriptedServer server([&](const Asked& asked) {
    if (asks_for(asked, "t")) return json(page(3, 9));
    return ++tries <= 2 ? cut_short(json(page(1, 6, "t")), 100) : json(page(1, 2, "t"));
  });
  const RecordingSink::List list = list_pods(server);
  CHECK(list.names == std::vector<std::string>{"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"});
  CHECK_FALSE(list.gap.has_value());
}

namespace {

/// The list, and how often it was asked for, when each answer is `answer`.
std::pair<RecordingSink::List, std::size_t> list_answered_by(const Reply& answer) {
  std::atomic<std::size_t> requests = 0;
  const ScriptedServer server([&](const Asked& asked) {
    if (asked.target == "/version") return json("{}");
    ++requests;
    return answer;
  });
  const std::unique_ptr<posture::Source> source = client(server);
  source->get({"/version"});  // first contact is made
  return {list_pods(*source), requests};
}

}  // namespace

TEST_CASE("what does not pass becomes a gap with the server's words") {
  struct Row {
    std::string name;
    Reply answer;
    GapReason reason;
    int status;
    std::string message;
    std::size_t requests;
  };
  const std::vector<Row> rows = {
      {"403", status_reply(403, "Forbidden", "pods is forbidden: User \\\"x\\\" \\u001b[31mcannot"),
       GapReason::forbidden, 403, "pods is forbidden: User \"x\" \\u001B[31mcannot", 1},
      {"403 of a proxy", reply(403, "text/html", "<h1>Forbidden"), GapReason::forbidden, 403,
       "the server answered 403: <h1>Forbidden", 1},
      {"84: 404 of what discovery named", reply(404, "text/plain", "404 page not found\n"), GapReason::unavailable, 404,
       "the server answered 404: 404 page not found", 1},
      {"405", status_reply(405, "MethodNotAllowed", "m"), GapReason::unavailable, 405, "the server answered 405: m", 1},
      {"406", status_reply(406, "NotAcceptable", "m"), GapReason::unavailable, 406, "the server answered 406: m", 1},
      {"415", reply(415, "text/plain", "m"), GapReason::unavailable, 415, "the server answered 415: m", 1},
      {"400", status_reply(400, "BadRequest", "m"), GapReason::malformed, 400, "the server answered 400: m", 1},
      {"410 on the first page", status_reply(410, "Expired", "m"), GapReason::unavailable, 410,
       "the server answered 410: m", 1},
      {"302", reply(302, "text/html", "", "Location: https://evil.example/login\r\n"), GapReason::malformed, 302,
       "the server redirects (302) to https://evil.example/login, which is not followed", 1},
      {"login page", reply(200, "text/html; charset=utf-8", "<html>\n<title>Log in</title>"), GapReason::malformed, 200,
       "the answer is text/html, not what was asked for: <html> <title>Log in</title>", 1},
      {"protobuf", reply(200, "application/vnd.kubernetes.protobuf", std::string("k8s\0", 4)), GapReason::malformed,
       200, "the answer is application/vnd.kubernetes.protobuf, not what was asked for: k8s\\u0000", 1},
      {"other kind", json(R"({"kind":"Pod","apiVersion":"v1","items":[]})"), GapReason::malformed, 200,
       "the answer is of kind v1 Pod, not a list of pods", 1},
      {"other version", json(R"({"kind":"PodList","apiVersion":"v2","items":[]})"), GapReason::malformed, 200,
       "the answer is of kind v2 PodList, not a list of pods", 1},
      {"another kind of the same group", json(R"({"kind":"ServiceList","apiVersion":"v1","items":[]})"),
       GapReason::malformed, 200, "the answer is of kind v1 ServiceList, not a list of pods", 1},
      {"no items", json(R"({"kind":"PodList","apiVersion":"v1"})"), GapReason::malformed, 200,
       "the answer is a list without items", 1},
      {"Status in 200",
       json(R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","message":"m","code":403})"),
       GapReason::forbidden, 403, "m", 1},
      {"Status in 200 without words",
       json(R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403})"),
       GapReason::forbidden, 403, "the server answered 403", 1},
      {"304", reply(304, "text/plain", ""), GapReason::malformed, 304, "the server answered 304", 1},
      {"success in 200", json(R"({"kind":"Status","apiVersion":"v1","status":"Success"})"), GapReason::malformed, 200,
       "the answer is of kind v1 Status, not a list of pods", 1},
      {"junk", json("junk"), GapReason::malformed, 200, "the answer is not a list: it does not begin with {", 3},
      {"bad envelope", json(R"({"kind":"PodList",,"items":[]})"), GapReason::malformed, 200,
       "the answer is not whole JSON", 3},
      {"503 for ever", reply(503, "text/plain", "no\n"), GapReason::unavailable, 503, "the server answered 503: no", 4},
      {"500", status_reply(500, "StorageReadError", "m"), GapReason::unavailable, 500, "the server answered 500: m", 1},
      {"429 for ever", status_reply(429, "TooManyRequests", "m", "Retry-After: 1\r\n"), GapReason::unavailable, 429,
       "the server answered 429: m", 11},
      {"more headers than anybody needs",
       reply(200, "application/json", "{}",
             "X: " + std::string(90'000, 'x') + "\r\nY: " + std::string(90'000, 'y') +
                 "\r\nZ: " + std::string(90'000, 'z') + "\r\n"),
       GapReason::unavailable, 0, "the answer broke off: the answer's headers are larger than 256 KiB", 7},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto [list, requests] = list_answered_by(row.answer);
    REQUIRE(list.gap.has_value());
    CHECK(list.gap->reason == row.reason);
    CHECK(list.gap->status == row.status);
    CHECK(list.gap->message == row.message);
    CHECK(list.gap->resource == "pods");
    CHECK_FALSE(list.gap->partial);
    CHECK(requests == row.requests);
  }
}

TEST_CASE("52: what breaks off for ever is given up after so many tries, without any limit on time") {
  struct Row {
    Reply answer;
    std::size_t requests;
    std::string words;
  };
  constexpr std::size_t kTries = 1 + posture::kMaxBrokenRetries;
  const std::vector<Row> rows = {
      // libcurl asks again, once and by itself, where a connection that it kept turns out to be closed
      {Reply{"", true, 0ms, 0ms}, kTries + 1, "the answer broke off: Empty reply from server"},
      {cut_short(json(page(1, 2)), 1), kTries, "the answer broke off: transfer closed with 1 bytes remaining to read"},
  };
  for (const Row& row : rows) {
    INFO(row.words);
    const auto [list, requests] = list_answered_by(row.answer);
    REQUIRE(list.gap.has_value());
    CHECK(list.gap->reason == GapReason::unavailable);
    CHECK(list.gap->message == row.words);
    CHECK(requests == row.requests);
  }
}

TEST_CASE("what came before a refusal stands") {
  const ScriptedServer server([](const Asked& asked) {
    return asks_for(asked, "t") ? status_reply(403, "Forbidden", "no more") : json(page(1, 3, "t"));
  });
  const RecordingSink::List list = list_pods(server);
  CHECK(list.names == pods(1, 3));
  REQUIRE(list.gap.has_value());
  CHECK(list.gap->partial);
  CHECK(list.gap->message == "no more");
}

TEST_CASE("58: an expired token begins the list anew, once; then it goes on from the server's own token") {
  const std::string expired =
      R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","message":"too old","code":410)";
  const Reply with_token = json(expired + R"(,"metadata":{"continue":"resume"}})", 410);
  SECTION("the second time works") {
    int expiries = 0;
    const ScriptedServer server([&](const Asked& asked) {
      if (!asks_for(asked, "t")) return json(page(1, 2, "t"));
      return ++expiries == 1 ? with_token : json(page(3, 4));
    });
    const RecordingSink::List list = list_pods(server);
    CHECK(list.restarts == 1);
    CHECK(list.names == pods(1, 4));
    CHECK_FALSE(list.gap.has_value());
  }
  SECTION("it expires again") {
    const ScriptedServer server([&](const Asked& asked) {
      if (asks_for(asked, "resume")) return json(page(3, 4));
      return asks_for(asked, "t") ? with_token : json(page(1, 2, "t"));
    });
    const RecordingSink::List list = list_pods(server);
    CHECK(list.restarts == 1);
    CHECK(list.names == pods(1, 4));
    REQUIRE(list.gap.has_value());
    CHECK(list.gap->partial);
    CHECK(list.gap->status == 410);
    CHECK(list.gap->message == "the list expired while it was read and went on from a newer state of the cluster");
  }
  SECTION("and there is no token to go on from") {
    const ScriptedServer server(
        [&](const Asked& asked) { return asks_for(asked, "t") ? json(expired + "}", 410) : json(page(1, 2, "t")); });
    const RecordingSink::List list = list_pods(server);
    CHECK(list.restarts == 1);
    REQUIRE(list.gap.has_value());
    CHECK(list.gap->partial);
    CHECK(list.gap->message == "the server answered 410: too old");
  }
  SECTION("for ever") {
    std::atomic<int> requests = 0;
    const ScriptedServer server([&](const Asked& asked) {
      ++requests;
      if (!asks_for(asked, "")) {
        return json(expired + R"(,"metadata":{"continue":"r)" + std::to_string(requests) + "\"}}", 410);
      }
      return json(page(1, 2, "t"));
    });
    CHECK(list_pods(server).gap.has_value());
    CHECK(requests < 40);
  }
}

TEST_CASE("57: a token that repeats ends the list") {
  const ScriptedServer server([](const Asked& asked) {
    return json(asks_for(asked, "a") ? page(3, 4, "b") : asks_for(asked, "b") ? page(5, 6, "a") : page(1, 2, "a"));
  });
  const RecordingSink::List list = list_pods(server);
  REQUIRE(list.gap.has_value());
  CHECK(list.gap->reason == GapReason::malformed);
  CHECK(list.gap->partial);
  CHECK(list.gap->message == "the list does not end: the server repeats a continue token");
  CHECK(server.log().size() == 3);
}

TEST_CASE("55 72: a huge object is left out by name, and a server may ignore the limit") {
  const std::string huge = pod(2, R"(,"data":")" + std::string(posture::kMaxItemBytes, 'x') + "\"");
  const std::string body =
      R"({"kind":"PodList","apiVersion":"v1","metadata":{},"items":[)" + pod(1) + "," + huge + "," + pod(3) + "]}";
  const ScriptedServer server([&](const Asked&) { return json(body); });
  const RecordingSink::List list = list_pods(server);
  CHECK(list.names == std::vector<std::string>{"p1", "p3"});
  REQUIRE(list.gap.has_value());
  CHECK(list.gap->reason == GapReason::too_large);
  CHECK(list.gap->partial);
  CHECK(list.gap->message == "one object is larger than 16 MiB, the first is n/p2");

  const ScriptedServer generous([&](const Asked&) { return json(page(1, 20'000)); });
  CHECK(list_pods(generous).names == pods(1, 20'000));
}

TEST_CASE("a page of objects without end is no list, and is not asked for again") {
  std::string body = R"({"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{})";
  for (std::size_t i = 0; i <= posture::kMaxPageItems; ++i) body += ",{}";
  const ScriptedServer server([&](const Asked&) { return json(body + "]}"); });
  const RecordingSink::List list = list_pods(server);
  CHECK(list.names.size() == posture::kMaxPageItems + 1);
  REQUIRE(list.gap.has_value());
  CHECK(list.gap->reason == GapReason::malformed);
  CHECK(list.gap->partial);
  CHECK(list.gap->message == "the list does not end: one page has more than 1,000,000 objects");
  CHECK(server.log().size() == 1);
}

TEST_CASE("chunked bodies, one byte at a time") {
  std::string bytes = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char c : page(1, 2)) bytes += std::string("1\r\n") + c + "\r\n";
  const ScriptedServer server(in_order({Reply{bytes + "0\r\n\r\n", false, 1ms, 0ms}}));
  CHECK(list_pods(server).names == pods(1, 2));
  const ScriptedServer cut(in_order({Reply{bytes, true, 0ms, 0ms}, json(page(1, 2))}));
  CHECK(list_pods(cut).names == pods(1, 2));
}

TEST_CASE("80: too many requests halve the number of lists at a time") {
  std::size_t refused = 0;
  const ScriptedServer server([&](const Asked&) {
    return ++refused <= 2 ? reply(429, "text/plain", "", "Retry-After: 0\r\n") : json(page(1, 1));
  });
  std::vector<posture::ListRequest> requests(posture::kAnswersPerStep,
                                             {kPods, ""});  // one more, and the pace would rise again
  RecordingSink sink(requests.size());
  client(server)->list(requests, sink);
  for (const RecordingSink::List& list : sink.lists) CHECK_FALSE(list.gap.has_value());
  const std::vector<Asked> log = server.log();
  std::set<std::size_t> last;
  for (std::size_t i = log.size() - 4; i < log.size(); ++i) last.insert(log[i].connection);
  CHECK(last.size() == 1);
}

TEST_CASE("what the sink throws comes out of list, and the source lives on") {
  struct Throwing : RecordingSink {
    using RecordingSink::RecordingSink;
    void item(std::size_t, posture::Item) override { throw std::runtime_error("full"); }
  } sink(1);
  const ScriptedServer server([](const Asked&) { return json(page(1, 2)); });
  const std::unique_ptr<posture::Source> source = client(server);
  const posture::ListRequest request{kPods, ""};
  CHECK_THROWS_WITH(source->list({&request, 1}, sink), "full");
  CHECK(list_pods(*source).names == pods(1, 2));
}

TEST_CASE("a sink that takes its time is no stalled server") {
  struct Slow : RecordingSink {
    using RecordingSink::RecordingSink;
    void item(std::size_t request, posture::Item item) override {
      std::this_thread::sleep_for(600ms);
      RecordingSink::item(request, std::move(item));
    }
  } sink(3);
  const ScriptedServer server([](const Asked&) { return json(page(1, 2)); });
  const std::vector<posture::ListRequest> requests(3, {kPods, ""});
  client(server, quick(500ms))->list(requests, sink);
  for (const RecordingSink::List& list : sink.lists) CHECK_FALSE(list.gap.has_value());
  CHECK(server.log().size() == 3);
}

namespace {

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

std::string little_endian(std::uint32_t number, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(number >> (8 * i) & 0xff));
  return out;
}

/// RFC 1952 with stored blocks.
std::string gzip(std::string_view bytes) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string_view block = bytes.substr(at, 65'000);
    at += block.size();
    const auto size = static_cast<std::uint32_t>(block.size());
    out += static_cast<char>(at == bytes.size() ? 1 : 0);
    out += little_endian(size, 2) + little_endian(~size, 2) + std::string(block);
  }
  return out + little_endian(crc32(bytes), 4) + little_endian(static_cast<std::uint32_t>(bytes.size()), 4);
}

}  // namespace

TEST_CASE("64: gzip when it is worth it") {
  posture::ClientOptions options = quick();
  options.compression = posture::Compression::always;
  const std::string packed = gzip(page(1, 3000));
  const std::string header = "Content-Encoding: gzip\r\n";
  const ScriptedServer server([&](const Asked&) { return json(packed, 200, header); });
  CHECK(list_pods(server, options).names == pods(1, 3000));
  CHECK(server.log()[0].headers.at("accept-encoding") == "gzip");
  const ScriptedServer corrupt(in_order({json(packed.substr(0, 50'000), 200, header), json(packed, 200, header)}));
  CHECK(list_pods(corrupt, options).names == pods(1, 3000));
  posture::Connection connection;
  connection.disable_compression = true;
  const ScriptedServer plain([](const Asked&) { return json(page(1, 1)); });
  connection.server = plain.url();
  CHECK(list_pods(*posture::make_client(connection, options)).names == pods(1, 1));
  CHECK(plain.log()[0].headers.count("accept-encoding") == 0);
}

TEST_CASE("64: a small gzip body that unpacks to a huge object") {
  const std::string body = R"({"kind":"PodList","apiVersion":"v1","metadata":{},"items":[)" + pod(1) + "," +
                           pod(2, R"(,"data":")" + std::string(4 * posture::kMaxItemBytes, 'x') + "\"") + "]}";
  posture::ClientOptions options = quick();
  options.compression = posture::Compression::always;
  const ScriptedServer server([&](const Asked&) { return json(gzip(body), 200, "Content-Encoding: gzip\r\n"); });
  const RecordingSink::List list = list_pods(server, options);
  CHECK(list.names == pods(1, 1));
  REQUIRE(list.gap.has_value());
  CHECK(list.gap->reason == GapReason::too_large);
}

TEST_CASE("64: what came of a damaged gzip body does not stand") {
  posture::ClientOptions options = quick();
  options.compression = posture::Compression::always;
  const auto packed = [](const std::string& body) { return json(body, 200, "Content-Encoding: gzip\r\n"); };
  std::string damaged = page(1, 3000);
  damaged.replace(damaged.find("p7"), 2, "xx");
  std::string wrong_sum = gzip(damaged);
  wrong_sum[wrong_sum.size() - 5] ^= 1;
  SECTION("it is asked for again") {
    const ScriptedServer server(in_order({packed(wrong_sum), packed(gzip(page(1, 3000)))}));
    const RecordingSink::List list = list_pods(server, options);
    CHECK(list.names == pods(1, 3000));
    CHECK(list.restarts == 1);
    CHECK_FALSE(list.gap.has_value());
  }
  SECTION("with all pages before it") {
    const ScriptedServer server(in_order(
        {packed(gzip(page(1, 3, "t"))), packed(wrong_sum), packed(gzip(page(1, 3, "t"))), packed(gzip(page(4, 5)))}));
    const RecordingSink::List list = list_pods(server, options);
    CHECK(list.names == pods(1, 5));
    CHECK_FALSE(list.gap.has_value());
  }
  SECTION("where it shows in the JSON, too") {
    std::string wrong_text = gzip(damaged);
    wrong_text.replace(wrong_text.find("\"u100\"}},") + 8, 1, "?");
    const ScriptedServer server(in_order({packed(wrong_text), packed(gzip(page(1, 3000)))}));
    const RecordingSink::List list = list_pods(server, options);
    CHECK(list.names == pods(1, 3000));
    CHECK_FALSE(list.gap.has_value());
  }
  SECTION("and nothing is left of it when it stays so") {
    const ScriptedServer server(in_order({packed(wrong_sum)}));
    posture::Connection connection;
    connection.server = server.url();
    const RecordingSink::List list = list_pods(*posture::make_client(connection, options));
    CHECK(list.names.empty());
    REQUIRE(list.gap.has_value());
    CHECK(list.gap->reason == GapReason::malformed);
    CHECK_FALSE(list.gap->partial);
    CHECK_THAT(list.gap->message, Catch::StartsWith("the answer, which came in gzip form, is damaged: "));
    CHECK(server.log().size() == 3);
  }
}

TEST_CASE("a server that is not there ends the run at first contact, and is a gap later") {
  posture::Connection connection;
  {
    const ScriptedServer server([](const Asked&) { return json("{}"); });
    connection.server = server.url();
  }
  const posture::ListRequest request{kPods, ""};
  RecordingSink sink(1);
  try {
    posture::make_client(connection, quick())->list({&request, 1}, sink);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == posture::ErrorKind::connection);
    CHECK_THAT(error.what(), Catch::StartsWith("cannot reach " + connection.server + ": nobody answers (") &&
                                 Catch::EndsWith("; check that the cluster is up and reachable from here"));
  }
  auto server = std::make_unique<ScriptedServer>([](const Asked& asked) {
    if (asked.target == "/version") return json("{}");
    return Reply{"", true, 0ms, 0ms};
  });
  const std::unique_ptr<posture::Source> source = client(*server);
  CHECK_FALSE(source->get({"/version"}).gap.has_value());
  const RecordingSink::List broken = list_pods(*source);
  REQUIRE(broken.gap.has_value());
  CHECK(broken.gap->reason == GapReason::unavailable);
  CHECK_THAT(broken.gap->message, Catch::StartsWith("the answer broke off: "));
  server.reset();
  CHECK(list_pods(*source).gap->reason == GapReason::unavailable);
}
