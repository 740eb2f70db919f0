// SPDX-License-Identifier: Apache-2.0
// What a user sees while a client reads: the server's warnings and how far it is.
#include <catch2/catch.hpp>

#include "fixtures.h"
#include "recording_sink.h"
#include "source/client/http_head.h"

namespace {

const posture::Resource kPods{"", "v1", "pods", "Pod", true};
const posture::Resource kServices{"", "v1", "services", "Service", true};
using Texts = std::vector<std::string>;

Texts warnings_in(const std::string& line) {
  posture::HttpHead head;
  posture::note_header(line, head);
  return head.warnings;
}

std::string page(const std::string& kind, const std::string& metadata, const std::string& name) {
  return R"({"kind":")" + kind + R"(List","apiVersion":"v1","metadata":{)" + metadata +
         R"(},"items":[{"metadata":{"name":")" + name + R"("}}]})";
}

/// Lists pods and services of a server that sends these headers with each answer; its warnings as they are passed on.
Texts passed_on(const std::function<std::string(std::size_t)>& headers, std::size_t lists = 2) {
  const ScriptedServer server([&](const Asked& asked) {
    const bool pods = asked.target.find("pods") != std::string::npos;
    return json(page(pods ? "Pod" : "Service", "", "a"), 200, headers(asked.number));
  });
  Texts warnings;
  posture::ClientOptions options = quick();
  options.notice = [&](const std::string& text) {
    REQUIRE(text.starts_with("Warning from the server: "));
    warnings.push_back(text.substr(std::string("Warning from the server: ").size()));
  };
  const auto source = posture::make_client(to(server), options);
  for (std::size_t i = 0; i < lists; ++i) {
    const std::vector<posture::ListRequest> requests = {{kPods, ""}, {kServices, ""}};
    RecordingSink sink(2);
    source->list(requests, sink);
  }
  return warnings;
}

}  // namespace

TEST_CASE("93: warnings are read as RFC 7234 writes them") {
  CHECK(warnings_in("Warning: 299 - \"v1 X is deprecated\"\r\n") == Texts{"v1 X is deprecated"});
  CHECK(warnings_in("warning:299 kube \"a \\\"b\\\" \\\\ c\" \"Thu, 01 Jan 2026 00:00:00 GMT\"") ==
        Texts{"a \"b\" \\ c"});
  CHECK(warnings_in("Warning: 299 - \"a, b\", 299 - \"c\"") == Texts{"a, b", "c"});
  CHECK(warnings_in("Warning: 110 - \"stale\"").empty());
  CHECK(warnings_in("Warning: 299 - \"no end").empty());
  CHECK(warnings_in("Warning: 299 - none").empty());
  CHECK(warnings_in("Warning: 299 - \"a\\").empty());
  CHECK(warnings_in("Warning:").empty());
}

TEST_CASE("93: control characters of a warning are escaped, and it is cut") {
  CHECK(warnings_in("Warning: 299 - \"red \x1b[31m\"").front().find('\x1b') == std::string::npos);
  CHECK(warnings_in("Warning: 299 - \"" + std::string(10'000, 'x') + "\"").front().size() <
        posture::kMaxWarningBytes + 10);
  std::string many = "Warning: ";
  for (int i = 0; i < 1'000; ++i) many += "299 - \"w\",";
  CHECK(warnings_in(many).size() == posture::kMaxWarnings);
}

TEST_CASE("93: each warning is passed on once, and not more than so many") {
  CHECK(passed_on([](std::size_t) { return "Warning: 299 - \"old\"\r\n"; }) == Texts{"old"});
  CHECK(passed_on([](std::size_t) { return ""; }).empty());
  const auto ever_new = [](std::size_t number) { return "Warning: 299 - \"w" + std::to_string(number) + "\"\r\n"; };
  CHECK(passed_on(ever_new, 30).size() == posture::kMaxWarnings);
}

TEST_CASE("how far the reading is, by the server's own estimate where there is one") {
  std::size_t pods_asked = 0;
  const ScriptedServer server([&](const Asked& asked) {
    if (asked.target.find("services") != std::string::npos) return json(page("Service", "", "s"));
    Reply reply =
        json(pods_asked++ == 0 ? page("Pod", R"("continue":"t","remainingItemCount":7)", "a") : page("Pod", "", "b"));
    reply.end_pause = 100ms;
    return reply;
  });
  std::vector<posture::ReadProgress> seen;
  posture::ClientOptions options = quick();
  options.parallel = 1;
  options.progress = [&](const posture::ReadProgress& progress) { seen.push_back(progress); };
  const auto source = posture::make_client(to(server), options);
  const std::vector<posture::ListRequest> requests = {{kPods, ""}, {kServices, ""}};
  RecordingSink sink(2);
  source->list(requests, sink);
  REQUIRE_FALSE(seen.empty());
  CHECK(seen.front().lists == 2);
  CHECK(seen.front().lists_unknown == 2);
  const auto half_way = std::find_if(seen.begin(), seen.end(), [](const auto& each) { return each.pages == 1; });
  REQUIRE(half_way != seen.end());
  CHECK(half_way->remaining == 7);
  CHECK(half_way->lists_unknown == 1);
  CHECK(half_way->lists_done == 0);
  CHECK(seen.back().pages >= 2);
  CHECK(seen.back().objects >= 2);
  CHECK(seen.back().remaining == 0);
}

TEST_CASE("what a server says is to come may be rubbish") {
  for (const std::string count : {"-1", "1e999", "\"many\"", "9223372036854775807"}) {
    INFO(count);
    const ScriptedServer server([&](const Asked& asked) {
      const bool first = asked.target.find("continue") == std::string::npos;
      return json(page("Pod", first ? R"("continue":"t","remainingItemCount":)" + count : "", first ? "a" : "b"));
    });
    posture::ReadProgress last;
    posture::ClientOptions options = quick();
    options.progress = [&](const posture::ReadProgress& progress) { last = progress; };
    const posture::ListRequest request{kPods, ""};
    RecordingSink sink(1);
    posture::make_client(to(server), options)->list({&request, 1}, sink);
    CHECK(last.remaining <= 1'000'000'000'000);
    CHECK(last.lists_unknown <= 1);
  }
}
