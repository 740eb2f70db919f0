// SPDX-License-Identifier: Apache-2.0
#include "posture/snapshot.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/file.h"
#include "base/json.h"
#include "posture/error.h"

using namespace posture;

namespace {

/// Two pods, one of them delivered before a restart; roles refused; one get.
class Scripted : public Source {
 public:
  About about() override {
    About about;
    about.version = "v1.37.0";
    about.user = "me";
    about.groups = {"g"};
    about.kind = "live";
    return about;
  }
  Discovery discover() override {
    return {{{"", "v1", "pods", "Pod", true}}, {{"broken.io", "", 503, GapReason::unavailable, "stale", false}}};
  }
  Response get(const GetRequest& request) override {
    return {200, "text/plain", "body of " + request.path, std::nullopt};
  }
  void list(std::span<const ListRequest> requests, ListSink& sink) override {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (requests[i].resource.name == "pods") {
        sink.item(i, item(R"({"metadata":{"name":"void","namespace":"a"}})"));
        sink.restart(i);
        sink.item(i, item(R"({"metadata":{"name":"one","namespace":"a"}})"));
        sink.item(i, item(R"({"metadata":{"name":"two","namespace":"b"}})"));
        sink.end(i, std::nullopt);
      } else {
        sink.end(i, Gap{requests[i].resource.name, "", 403, GapReason::forbidden, "no", false});
      }
    }
  }
  bool shows_whole_cluster() const override { return true; }

 private:
  static Item item(const std::string& text) { return {text + std::string(kJsonPadding, ' '), text.size()}; }
};

/// What a sink sees, as text.
class Trace : public ListSink {
 public:
  void item(std::size_t request, Item item) override {
    text += std::to_string(request) + " " + std::string(item.text()) + "\n";
  }
  void restart(std::size_t request) override { text += std::to_string(request) + " restart\n"; }
  void end(std::size_t request, const std::optional<Gap>& gap) override {
    text += std::to_string(request) + " end " + (gap ? to_string(gap->reason) : "whole") + "\n";
  }
  std::string text;
};

std::string trace(Source& source, const std::vector<ListRequest>& requests) {
  Trace sink;
  source.list(requests, sink);
  return sink.text;
}

const ListRequest kPods = {{"", "v1", "pods", "Pod", true}, ""};
const ListRequest kRoles = {{"rbac.authorization.k8s.io", "v1", "roles", "Role", true}, ""};

std::string record(const std::string& name, bool finish = true) {
  const std::string file = (std::filesystem::temp_directory_path() / (name + std::to_string(::getpid()))).string();
  Scripted inner;
  const auto recorder = make_recorder(inner, file, "2026-01-01T00:00:00Z", [](Node&, const Resource&, Arena&) {});
  recorder->about();
  recorder->discover();
  trace(*recorder, {kPods, kRoles});
  recorder->get({"/flagz", "x"});
  if (finish) recorder->finish();
  return file;
}

}  // namespace

TEST_CASE("a replay answers like the source that was recorded") {
  const std::string file = record("posture-replay");
  struct stat status{};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto replay = open_snapshot(file);
  Scripted live;
  CHECK(replay->now() == "2026-01-01T00:00:00Z");
  CHECK(replay->about().user == "me");
  CHECK(replay->discover().gaps == live.discover().gaps);
  CHECK(replay->get({"/flagz", "x"}).body == "body of /flagz");
  CHECK(trace(*replay, {kPods, kRoles}) == trace(live, {kPods, kRoles}));
  CHECK(trace(*replay, {kRoles, kPods}).find("1 {\"metadata\":{\"name\":\"one\"") != std::string::npos);
  std::filesystem::remove(file);
}

TEST_CASE("a single object is redacted like those of lists") {
  class OneObject : public Scripted {
    Response get(const GetRequest&) override {
      return {200, "application/json", R"({"secret":"hunter2"})", std::nullopt};
    }
  } inner;
  const std::string file =
      (std::filesystem::temp_directory_path() / ("posture-object" + std::to_string(::getpid()))).string();
  const auto recorder = make_recorder(inner, file, "2026-01-01T00:00:00Z",
                                      [](Node& object, const Resource&, Arena&) { object.size = 0; });
  for (const char* path : {"/apis/x/v1/y/z", "/flagz"}) recorder->get({path});
  recorder->finish();
  const auto replay = open_snapshot(file);
  CHECK(replay->get({"/apis/x/v1/y/z"}).body == "{}");
  CHECK(replay->get({"/flagz"}).body == R"({"secret":"hunter2"})");
  std::filesystem::remove(file);
}

TEST_CASE("what was not recorded is a gap; one namespace of a whole list can be replayed") {
  const std::string file = record("posture-partial");
  const auto replay = open_snapshot(file);
  CHECK(trace(*replay, {{{"apps", "v1", "deployments", "Deployment", true}, ""}}) == "0 end not-recorded\n");
  CHECK(replay->get({"/other", "x"}).gap->reason == GapReason::not_recorded);
  ListRequest one = kPods;
  one.ns = "b";
  CHECK(trace(*replay, {one}).find("\"one\"") == std::string::npos);
  std::filesystem::remove(file);
}

TEST_CASE("of a list that was refused as a whole, what single namespaces gave is replayed") {
  class OneNamespace : public Scripted {
    void list(std::span<const ListRequest> requests, ListSink& sink) override {
      for (std::size_t i = 0; i < requests.size(); ++i) {
        const bool whole = requests[i].ns.empty();
        if (!whole)
          sink.item(i, {R"({"metadata":{"name":"web","namespace":"a"}})" + std::string(kJsonPadding, ' '), 43});
        sink.end(i, whole ? std::optional(Gap{"pods", "", 403, GapReason::forbidden, "no", false}) : std::nullopt);
      }
    }
  } inner;
  const std::string file =
      (std::filesystem::temp_directory_path() / ("posture-narrow" + std::to_string(::getpid()))).string();
  const auto recorder = make_recorder(inner, file, "2026-01-31T00:00:00Z", [](Node&, const Resource&, Arena&) {});
  ListRequest in_a = kPods;
  in_a.ns = "a";
  trace(*recorder, {kPods});
  trace(*recorder, {in_a});
  trace(*recorder, {in_a});  // a second time: it must not come twice
  recorder->finish();
  const auto replay = open_snapshot(file);
  ListRequest in_b = kPods;
  in_b.ns = "b";
  CHECK(trace(*replay, {kPods, in_a, in_b}) ==
        "0 end forbidden\n2 end forbidden\n1 {\"metadata\":{\"name\":\"web\",\"namespace\":\"a\"}}\n1 end whole\n");
  std::filesystem::remove(file);
}

TEST_CASE("a list of metadata does not stand for one of whole objects") {
  Scripted inner;
  const std::string file =
      (std::filesystem::temp_directory_path() / ("posture-metadata" + std::to_string(::getpid()))).string();
  const auto recorder = make_recorder(inner, file, "2026-01-31T00:00:00Z", [](Node&, const Resource&, Arena&) {});
  ListRequest metadata = kPods;
  metadata.metadata_only = true;
  trace(*recorder, {metadata});
  recorder->finish();
  const auto replay = open_snapshot(file);
  CHECK(trace(*replay, {kPods}) == "0 end not-recorded\n");
  CHECK(trace(*replay, {metadata}).find("\"two\"") != std::string::npos);
  std::filesystem::remove(file);
}

TEST_CASE("an unfinished recording leaves nothing; damage is an error") {
  CHECK_FALSE(std::filesystem::exists(record("posture-unfinished", false)));
  const std::string file = record("posture-damaged");
  const std::string bytes = read_file(file);
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, bytes.size() / 2, bytes.size() - 3}) {
    INFO(size);
    CHECK_THROWS_AS(trace(*open_snapshot_bytes(std::string_view(bytes).substr(0, size)), {kPods}), Error);
  }
  CHECK_THROWS_WITH(open_snapshot_bytes("not a snapshot"), Catch::Contains("not a snapshot"));
  CHECK_THROWS_WITH(open_snapshot("/no/such/file"), Catch::Contains("cannot open /no/such/file"));
  std::filesystem::remove(file);
}
