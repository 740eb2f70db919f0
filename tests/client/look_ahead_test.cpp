// SPDX-License-Identifier: Apache-2.0
// The next page is asked for while one still comes, and nothing else changes by it. Who asks ahead needs a second connection.
#include <catch2/catch.hpp>

#include "fixtures.h"
#include "recording_sink.h"

namespace {

const posture::Resource kPods{"", "v1", "pods", "Pod", true};
constexpr std::chrono::milliseconds kBytePause = 2ms;  // some 350 bytes make a page's answer

/// Pods `first` to `last` as one page, each `padding` bytes larger than need be.
std::string page(int first, int last, const std::string& token = "", std::size_t padding = 0) {
  std::string items;
  for (int i = first; i <= last; ++i) {
    const std::string id = std::to_string(i);
    items += (i > first ? "," : "") + (R"({"metadata":{"name":"p)" + id + R"(","uid":"u)" + id + R"("},"x":")") +
             std::string(padding, 'x') + "\"}";
  }
  return R"({"kind":"PodList","apiVersion":"v1","metadata":{"continue":")" + token + R"("},"items":[)" + items + "]}";
}

std::vector<std::string> pods(int first, int last) {
  std::vector<std::string> names;
  for (int i = first; i <= last; ++i) names.push_back("p" + std::to_string(i));
  return names;
}

Reply slowly(Reply reply, std::chrono::milliseconds byte_pause = kBytePause) {
  reply.byte_pause = byte_pause;
  return reply;
}

/// Page one, whose second asking is answered at once.
Reply first_page(const Asked& asked) {
  const Reply whole = json(page(1, 4, "two"));
  return asked.number == 0 ? slowly(whole) : whole;
}

bool wants_second(const Asked& asked) { return asked.target.find("continue=two") != std::string::npos; }

RecordingSink::List list_pods(const ScriptedServer& server, const posture::ClientOptions& options = quick()) {
  const posture::ListRequest request{kPods, ""};
  RecordingSink sink(1);
  posture::make_client(to(server), options)->list({&request, 1}, sink);
  REQUIRE(sink.lists[0].ends == 1);
  return sink.lists[0];
}

}  // namespace

TEST_CASE("the next page is asked for while one still comes, if more than one request may run") {
  const std::size_t parallel = GENERATE(1, 2, 4);
  const ScriptedServer server(
      [](const Asked& asked) { return wants_second(asked) ? json(page(5, 6)) : first_page(asked); });
  posture::ClientOptions options = quick();
  options.parallel = parallel;
  const RecordingSink::List list = list_pods(server, options);
  CHECK(list.names == pods(1, 6));
  CHECK_FALSE(list.gap.has_value());
  const std::vector<Asked> log = server.log();
  REQUIRE(log.size() == 2);
  CHECK(log[1].connection == (parallel > 1 ? 1 : 0));
}

TEST_CASE("other lists go first") {
  const ScriptedServer server([](const Asked& asked) {
    if (wants_second(asked)) return json(page(5, 6));
    Reply first = json(page(1, 4, "two"));
    if (asked.target.find("/namespaces/slow/") != std::string::npos) first.byte_pause = 5ms;
    return first;
  });
  posture::ClientOptions options = quick();
  options.parallel = 2;
  const std::vector<posture::ListRequest> requests = {{kPods, "a"}, {kPods, "slow"}, {kPods, "b"}};
  RecordingSink sink(requests.size());
  posture::make_client(to(server), options)->list(requests, sink);
  for (const RecordingSink::List& list : sink.lists) CHECK(list.names == pods(1, 6));
  const std::vector<Asked> log = server.log();
  REQUIRE(log.size() == 6);
  const auto is_slow = [](const Asked& asked) { return asked.target.find("/namespaces/slow/") != std::string::npos; };
  CHECK(is_slow(log[5]));
  CHECK(wants_second(log[5]));
  const auto first = std::find_if(log.begin(), log.end(), is_slow);
  CHECK(log[5].connection != first->connection);  // and yet it was asked for ahead
}

TEST_CASE("a page that was asked for ahead may wait for longer than silence is borne, however large it is") {
  const std::size_t padding = GENERATE(0, 2'000'000);
  const Reply first = slowly(json(page(1, 4, "two")), 5ms);
  const Reply second = json(page(5, 9, "", padding));
  const ScriptedServer server([&](const Asked& asked) { return wants_second(asked) ? second : first; });
  const RecordingSink::List list = list_pods(server, quick(1s));
  CHECK(list.names == pods(1, 9));
  CHECK_FALSE(list.gap.has_value());
  CHECK(server.log().size() == 2);
}

TEST_CASE("what becomes of a page that was asked for ahead becomes of it when its turn comes") {
  const Reply good = json(page(5, 6));
  const std::pair<const char*, Reply> rows[] = {
      {"too many", status_reply(429, "TooManyRequests", "x", "Retry-After: 0\r\n")},
      {"an error", reply(503, "text/html", "<b>")},
      {"no body", reply(500, "application/json", "")},
      {"no head", cut_short(good, good.bytes.size())},
      {"half a head", cut_short(good, good.bytes.size() - 20)},
      {"half a page", cut_short(good, 20)},
      {"no JSON", json("{\"kind\":\"PodList\",")},
  };
  for (const auto& [what, bad] : rows) {
    INFO(what);
    bool was_bad = false;
    const ScriptedServer server([&, bad = bad](const Asked& asked) {
      if (!wants_second(asked)) return first_page(asked);
      return std::exchange(was_bad, true) ? good : bad;
    });
    const RecordingSink::List list = list_pods(server);
    CHECK(list.names == pods(1, 6));
    CHECK_FALSE(list.gap.has_value());
    CHECK(server.log().size() == 3);
  }
}

TEST_CASE("a page that breaks is asked for again, and so is the one behind it") {
  const ScriptedServer server([](const Asked& asked) {
    if (wants_second(asked)) return json(page(5, 6));
    return asked.number == 0 ? slowly(cut_short(json(page(1, 4, "two")), 10)) : first_page(asked);
  });
  const RecordingSink::List list = list_pods(server);
  CHECK(list.names == pods(1, 6));
  CHECK_FALSE(list.gap.has_value());
  CHECK(server.log().size() == 4);
}

TEST_CASE("a list that ends before the page behind was taken ends once") {
  const ScriptedServer server([](const Asked& asked) {
    if (wants_second(asked)) return json(page(5, 6));
    const std::string list = page(1, 4, "two");
    return slowly(json(list.substr(0, list.size() - 1) + R"(,"items":[]})"));
  });
  const RecordingSink::List list = list_pods(server);
  CHECK(list.names == pods(1, 4));
  REQUIRE(list.gap.has_value());
  CHECK(list.gap->reason == GapReason::malformed);
}

TEST_CASE("a token that expires ahead begins the list anew") {
  bool was_expired = false;
  const ScriptedServer server([&](const Asked& asked) {
    if (!wants_second(asked)) return first_page(asked);
    return std::exchange(was_expired, true) ? json(page(5, 6)) : status_reply(410, "Expired", "too old");
  });
  const RecordingSink::List list = list_pods(server);
  CHECK(list.restarts == 1);
  CHECK(list.names == pods(1, 6));
  CHECK_FALSE(list.gap.has_value());
}
