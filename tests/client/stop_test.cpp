// SPDX-License-Identifier: Apache-2.0
// Reading that must end before its time, against servers that would take for ever.
#include <stdlib.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>

#include "fixtures.h"
#include "recording_sink.h"

namespace {

constexpr auto kSoon = 10s;  // a second is the promise, but machines that test are busy; the servers here take minutes
const posture::Resource kPods{"", "v1", "pods", "Pod", true};
const posture::Resource kServices{"", "v1", "services", "Service", true};
const Reply kNothing{"", false, 0ms, 300s};  // silence

const std::string kFirstPage =
    R"({"kind":"PodList","apiVersion":"v1","metadata":{"continue":"t"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]})";
const std::string kSecondPage =
    R"({"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"c"}},{"metadata":{"name":"d"}}]})";

/// A client that is told to stop once `when` is set.
std::unique_ptr<posture::Source> stoppable(const ScriptedServer& server, const std::atomic<bool>& when,
                                           GapReason reason = GapReason::interrupted) {
  posture::ClientOptions options = quick(300s);
  options.retry_pace = 1.0;
  options.stop = [&when, reason] { return when ? std::optional(reason) : std::nullopt; };
  return posture::make_client(to(server), options);
}

Reply dribbled(const std::string& body) {
  Reply slow = json(body);
  slow.byte_pause = 1s;
  return slow;
}

/// How long `act` goes on after `when` was set, which is once the server was asked `requests` times.
template <typename Act>
std::chrono::steady_clock::duration delay(const ScriptedServer& server, std::size_t requests, std::atomic<bool>& when,
                                          const Act& act) {
  std::chrono::steady_clock::time_point set;
  std::thread setter([&] {
    while (server.log().size() < requests) std::this_thread::sleep_for(10ms);
    set = std::chrono::steady_clock::now();
    when = true;
  });
  act();
  setter.join();
  return std::chrono::steady_clock::now() - set;
}

}  // namespace

TEST_CASE("a list that dribbles is left where it is, and what came of it stands") {
  std::atomic<bool> stop = false;
  const ScriptedServer server([](const Asked& asked) {
    if (asked.target.find("continue") != std::string::npos) return dribbled(kSecondPage);
    return asked.target.find("pods") != std::string::npos ? json(kFirstPage) : dribbled(kFirstPage);
  });
  const std::vector<posture::ListRequest> requests = {{kPods, ""}, {kServices, ""}};
  RecordingSink sink(2);
  const auto source = stoppable(server, stop);
  CHECK(delay(server, 3, stop, [&] { source->list(requests, sink); }) < kSoon);
  CHECK(sink.lists[0].names == std::vector<std::string>{"a", "b"});
  for (const RecordingSink::List& list : sink.lists) {
    CHECK(list.ends == 1);
    REQUIRE(list.gap.has_value());
    CHECK(list.gap->reason == GapReason::interrupted);
    CHECK(list.gap->message == "the scan was interrupted before all of this was read");
  }
  CHECK(sink.lists[0].gap->partial);
  CHECK_FALSE(sink.lists[1].gap->partial);

  SECTION("what comes later asks the server for nothing") {
    const std::size_t before = server.log().size();
    RecordingSink none(1);
    source->list({requests.data(), 1}, none);
    CHECK(none.lists[0].gap->reason == GapReason::interrupted);
    CHECK(source->get({"/flagz"}).gap->reason == GapReason::interrupted);
    CHECK(server.log().size() == before);
  }
}

TEST_CASE("neither silence nor a wait before a retry outlasts the time for reading") {
  const std::vector<std::pair<std::string, Reply>> rows = {
      {"silence", kNothing}, {"429", status_reply(429, "TooManyRequests", "later", "Retry-After: 60\r\n")}};
  for (const auto& [name, answer] : rows) {
    INFO(name);
    std::atomic<bool> stop = false;
    const ScriptedServer server([&answer = answer](const Asked&) { return answer; });
    const posture::ListRequest request{kPods, ""};
    RecordingSink sink(1);
    const auto source = stoppable(server, stop, GapReason::out_of_time);
    CHECK(delay(server, 1, stop, [&] { source->list({&request, 1}, sink); }) < kSoon);
    REQUIRE(sink.lists[0].gap.has_value());
    CHECK(sink.lists[0].gap->reason == GapReason::out_of_time);
    CHECK(server.log().size() == 1);
  }
}

TEST_CASE("before the lists there is nothing to report") {
  std::atomic<bool> stop = false;
  const ScriptedServer server([](const Asked&) { return kNothing; });
  const auto source = stoppable(server, stop, GapReason::out_of_time);
  std::string said;
  CHECK(delay(server, 1, stop, [&] { said = failure([&] { source->about(); }).second; }) < kSoon);
  CHECK(said == "the time for reading was over before the server had said what it serves; allow more");
  CHECK(failure([&] { source->discover(); }).first == ErrorKind::stopped);
}

TEST_CASE("a plugin that hangs in the middle is ended, and what had come stands") {
  std::string folder = (std::filesystem::temp_directory_path() / "posture-hang-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  std::atomic<bool> stop = false;
  const ScriptedServer server([](const Asked& asked) {
    return json(asked.target.find("continue") == std::string::npos ? kFirstPage : kSecondPage);
  });
  Connection connection = to(server);
  posture::CredentialPlugin& plugin = connection.plugin.emplace();
  plugin.command = "sh";
  plugin.path = "/bin:/usr/bin";
  plugin.api_version = "client.authentication.k8s.io/v1";
  plugin.arguments = {"-c", "mkdir " + folder +
                                R"(/second && exec echo '{"kind":"ExecCredential",)"
                                R"("apiVersion":"client.authentication.k8s.io/v1","status":)"
                                R"({"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"}}'; exec sleep 300)"};
  posture::ClientOptions options = quick(300s);
  options.stop = [&stop] { return stop ? std::optional(GapReason::interrupted) : std::nullopt; };
  const auto source = posture::make_client(connection, options);
  const posture::ListRequest request{kPods, ""};
  RecordingSink sink(1);
  const auto read = [&] { CHECK(failure([&] { source->list({&request, 1}, sink); }).second == ""); };
  CHECK(delay(server, 1, stop, read) < kSoon);
  std::filesystem::remove_all(folder);
  REQUIRE(sink.lists[0].ends == 1);
  REQUIRE(sink.lists[0].gap);
  CHECK(sink.lists[0].gap->reason == GapReason::interrupted);
  CHECK(server.log().size() == 1);
}
