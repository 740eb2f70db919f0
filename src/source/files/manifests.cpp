// SPDX-License-Identifier: Apache-2.0
#include "posture/manifests.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "posture/error.h"
#include "source/files/expand.h"

namespace posture {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_of(const std::string& path) {
  if (path == "-" || !fs::is_directory(path)) return {path};
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(path, failure), end; entry != end && !failure; entry.increment(failure)) {
    const std::string extension = entry->path().extension().string();
    if (entry->is_regular_file() && (extension == ".yaml" || extension == ".yml" || extension == ".json")) {
      files.push_back(entry->path().string());
    }
  }
  if (failure) throw Error(ErrorKind::input, "cannot read folder " + path + ": " + failure.message());
  std::sort(files.begin(), files.end());
  return files;
}

class Manifests : public Source {
 public:
  explicit Manifests(std::vector<Manifest> manifests) : manifests_(std::move(manifests)) {}

  About about() override {
    About about;
    about.kind = "files";
    return about;
  }

  Discovery discover() override {
    Discovery discovery;
    for (const Manifest& manifest : manifests_) {
      if (discovery.find(manifest.group, manifest.kind) != nullptr) continue;
      Resource resource = usual_resource(manifest.group, manifest.version, manifest.kind);
      resource.name = manifest.kind;
      discovery.resources.push_back(std::move(resource));
    }
    return discovery;
  }

  Response get(const GetRequest& request) override {
    Response response;
    response.gap = Gap{request.path, "", 0, GapReason::not_in_files, "a set of manifests cannot show it", false};
    return response;
  }

  void list(std::span<const ListRequest> requests, ListSink& sink) override {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const ListRequest& request = requests[i];
      for (const Manifest& manifest : manifests_) {
        const bool wanted = manifest.kind == request.resource.kind && manifest.group == request.resource.group &&
                            (request.ns.empty() || manifest.ns.empty() || manifest.ns == request.ns);
        if (wanted) sink.item(i, manifest.item);
      }
      sink.end(i, std::nullopt);
    }
  }

  bool shows_whole_cluster() const override { return false; }

 private:
  std::vector<Manifest> manifests_;
};

}  // namespace

std::unique_ptr<Source> read_manifests(const std::vector<std::string>& paths) {
  std::vector<Manifest> manifests;
  for (const std::string& path : paths) {
    for (const std::string& file : files_of(path)) {
      const std::vector<YamlDocument> documents = parse_yaml(read_file(file), file);
      for (std::size_t i = 0; i < documents.size(); ++i) expand(documents[i], file, i, manifests);
    }
  }
  if (manifests.empty()) {
    throw Error(ErrorKind::input, "no Kubernetes object in " + paths.front() +
                                      (paths.size() > 1 ? " and the other files" : "") +
                                      "; objects have apiVersion and kind");
  }
  return std::make_unique<Manifests>(std::move(manifests));
}

}  // namespace posture
