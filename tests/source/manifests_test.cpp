// SPDX-License-Identifier: Apache-2.0
#include "posture/manifests.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "posture/error.h"

using namespace posture;

namespace {

/// A folder that is gone with the test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("posture-manifests-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

class Collect : public ListSink {
 public:
  void item(std::size_t, Item item) override { items.push_back(std::move(item)); }
  void restart(std::size_t) override {}
  void end(std::size_t, const std::optional<Gap>& gap) override { ended = !gap; }
  std::vector<Item> items;
  bool ended = false;
};

std::vector<Item> list(Source& source, const std::string& kind, const std::string& ns = "") {
  Collect sink;
  const std::vector<ListRequest> requests = {{{"", "v1", kind, kind, true}, ns}};
  source.list(requests, sink);
  CHECK(sink.ended);
  return sink.items;
}

}  // namespace

TEST_CASE("documents, lists and folders become objects with their places") {
  Folder folder;
  folder.write("b/two.yaml",
               "# comment\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: x\n    "
               "image: i\n"
               "---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n");
  folder.write("a.json", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"c","namespace":"shop"}})");
  folder.write("values.yaml", "replicas: 3\n");
  folder.write("readme.txt", "not: yaml: at all");
  const auto source = read_manifests({folder.path()});
  const std::vector<Item> pods = list(*source, "Pod");
  REQUIRE(pods.size() == 3);
  CHECK(pods[0].text() == R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"c","namespace":"shop"}})");
  CHECK(pods[1].location->file == folder.path() + "/b/two.yaml");
  CHECK(pods[1].location->line == 3);
  CHECK(pods[1].location->lines.at("/spec/containers/0") == 8);
  CHECK(pods[2].location->line == 14);
  CHECK(list(*source, "Pod", "shop").size() == 3);
  CHECK(list(*source, "Pod", "other").size() == 2);
  CHECK_FALSE(source->shows_whole_cluster());
}

TEST_CASE("objects are read as an API server would decode them") {
  Folder folder;
  const std::string file =
      folder.write("p.yaml",
                   "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: ~}\nspec:\n  hostPID: yes\n  containers:\n"
                   "  - resources: {limits: {cpu: 1, memory: 0.5}}\n");
  CHECK(
      list(*read_manifests({file}), "Pod").front().text() ==
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"hostPID":true,"containers":[{"resources":{"limits":{"cpu":"1","memory":"0.5"}}}]}})");
}

TEST_CASE("what is no manifest is an error that names the file") {
  Folder folder;
  CHECK_THROWS_WITH(read_manifests({folder.path() + "/missing.yaml"}),
                    Catch::Contains("cannot open") && Catch::Contains("missing.yaml"));
  CHECK_THROWS_WITH(read_manifests({folder.write("v.yaml", "replicas: 3\n")}), Catch::Contains("no Kubernetes object"));
  try {
    read_manifests({folder.write("bad.yaml", "a: b\n c: [\n")});
    FAIL("bad YAML was read");
  } catch (const Error& error) { CHECK(error.where().find("bad.yaml:2:") != std::string::npos); }
}
