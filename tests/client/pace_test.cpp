// SPDX-License-Identifier: Apache-2.0
// How many requests a server gets, counted.
#include "source/client/pace.h"

#include <catch2/catch.hpp>

#include "fixtures.h"
#include "recording_sink.h"

using posture::Pace;

namespace {

posture::ClientOptions paced(std::size_t parallel, double rate, std::size_t burst) {
  posture::ClientOptions options = quick();
  options.parallel = parallel;
  options.requests_per_second = rate;
  options.burst = burst;
  return options;
}

/// How many may start at `now`, with nothing running.
int starts(Pace& pace, Pace::Time now) {
  int count = 0;
  while (count < 1000 && pace.may_start(0, now)) ++count;
  return count;
}

/// ClientOptions::stop: a while after the server was asked so many times, so that one request more would be seen.
std::function<std::optional<GapReason>()> once_asked(const ScriptedServer& server, std::size_t requests) {
  std::optional<std::chrono::steady_clock::time_point> since;
  return [&server, requests, since]() mutable -> std::optional<GapReason> {
    const auto now = std::chrono::steady_clock::now();
    if (!since && server.log().size() >= requests) since = now;
    return since && now > *since + 500ms ? std::optional(GapReason::out_of_time) : std::nullopt;
  };
}

void list(const ScriptedServer& server, const posture::ClientOptions& options, std::size_t lists) {
  const std::vector<posture::ListRequest> requests(lists, {{"", "v1", "pods", "Pod", true}, ""});
  RecordingSink sink(lists);
  posture::make_client(to(server), options)->list(requests, sink);
}

const Reply kTooMany = status_reply(429, "TooManyRequests", "later", "Retry-After: 0\r\n");
const Reply kNoPods = json(R"({"kind":"PodList","apiVersion":"v1","metadata":{},"items":[]})");
const Pace::Time kStart = Pace::Time{} + 1h;

}  // namespace

TEST_CASE("a burst, then the rate, and no more saved up than the burst") {
  Pace pace(paced(4, 50, 100));
  CHECK(starts(pace, kStart) == 100);
  CHECK(starts(pace, kStart + 10ms) == 0);
  CHECK(starts(pace, kStart + 20ms) == 1);
  CHECK(starts(pace, kStart + 1020ms) == 50);
  CHECK(starts(pace, kStart + 1h) == 100);
}

TEST_CASE("no rate is no limit, but lanes are") {
  Pace pace(paced(4, 0, 1));
  CHECK(starts(pace, kStart) == 1000);
  CHECK(pace.may_start(3, kStart));
  CHECK_FALSE(pace.may_start(4, kStart));
  pace.too_many();
  CHECK(starts(pace, kStart) == 1000);
}

TEST_CASE("80: too many requests: half of them, and back in steps") {
  Pace pace(paced(4, 40, 100));
  const auto well = [&](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) pace.went_well();
  };
  CHECK(starts(pace, kStart) == 100);
  pace.too_many();
  CHECK(pace.lanes() == 2);
  CHECK(pace.rate() == 20);
  CHECK(starts(pace, kStart + 1s) == 20);
  for (int i = 0; i < 10; ++i) pace.too_many();
  CHECK(pace.lanes() == 1);
  CHECK(pace.rate() == posture::kLeastRate);
  well(posture::kAnswersPerStep - 1);
  CHECK(pace.lanes() == 1);
  pace.too_many();  // begins the row anew
  well(posture::kAnswersPerStep - 1);
  CHECK(pace.lanes() == 1);
  well(1);
  CHECK(pace.lanes() == 2);
  CHECK(pace.rate() == 2);
  well(10 * posture::kAnswersPerStep);
  CHECK(pace.lanes() == 4);
  CHECK(pace.rate() == 40);
}

TEST_CASE("what was saved up is forgotten when there were too many") {
  Pace pace(paced(4, 10, 100));
  CHECK(pace.may_start(0, kStart));
  pace.too_many();
  CHECK(starts(pace, kStart) == 1);
}

TEST_CASE("a server gets the burst, and then waits for us; too many is the end of the burst") {
  struct Row {
    std::size_t refused;  // the number of the request that is one too many
    std::size_t requests;
  };
  for (const Row& row : {Row{1000, 5}, Row{2, 4}}) {
    const ScriptedServer server(
        [&row](const Asked& asked) { return asked.number == row.refused ? kTooMany : kNoPods; });
    posture::ClientOptions options = paced(1, 0.001, 5);
    options.stop = once_asked(server, row.requests);
    list(server, options, 8);
    CHECK(server.log().size() == row.requests);
  }
}

TEST_CASE("a server that has too many gets half at a time, and all of them when it is well again") {
  struct Row {
    std::size_t silent;  // requests from this number on stay under way
    std::size_t lanes;
  };
  for (const Row& row : {Row{4, 2}, Row{44, 4}}) {
    const ScriptedServer server([&row](const Asked& asked) {
      if (asked.number == 0) return kTooMany;
      if (asked.number >= row.silent) return Reply{"", false, 0ms, 300s};
      Reply good = kNoPods;
      if (asked.number < 4) good.byte_pause = 2ms;  // so that the refusal is there first
      return good;
    });
    posture::ClientOptions options = paced(4, 0, 1);
    options.stop = once_asked(server, row.silent + row.lanes);
    list(server, options, 60);
    CHECK(server.log().size() == row.silent + row.lanes);
  }
}
