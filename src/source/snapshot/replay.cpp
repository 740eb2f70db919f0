// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>

#include "base/json.h"
#include "posture/error.h"
#include "posture/snapshot.h"
#include "source/snapshot/records.h"
#include "source/snapshot/zstd_file.h"

namespace posture {

namespace {

using OpenBytes = std::function<ByteReader()>;

/// How well a recorded list answers a request: not at all, with all namespaces, or with just what was asked.
enum class Fit { none, wider, exact };
Fit fit(const ListRequest& recorded, const ListRequest& wanted) {
  const bool same = recorded.resource.group == wanted.resource.group && recorded.resource.name == wanted.resource.name;
  if (!same || (recorded.metadata_only && !wanted.metadata_only)) return Fit::none;
  if (recorded.ns == wanted.ns) return Fit::exact;
  return recorded.ns.empty() ? Fit::wider : Fit::none;
}

/// One pass over the recording that delivers the lists that were asked for.
class Pass {
 public:
  /// `recorded`: all lists of the recording, in its order.
  Pass(const std::vector<ListRequest>& recorded, std::span<const ListRequest> requests, ListSink& sink)
      : requests_(requests),
        sink_(sink),
        ended_(requests.size(), false) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto better = [&](const ListRequest& a, const ListRequest& b) {
        return fit(a, requests[i]) < fit(b, requests[i]);
      };
      const auto best = std::max_element(recorded.begin(), recorded.end(), better);
      if (best != recorded.end() && fit(*best, requests[i]) != Fit::none) wanted_[best - recorded.begin()].push_back(i);
    }
  }

  void line(Value record) {
    const auto place = record["of"].present() ? wanted_.find(record["of"].integer()) : wanted_.end();
    if (place == wanted_.end()) return;
    for (const std::size_t request : place->second) event(record, request);
  }

  void finish() {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (ended_[i]) continue;
      sink_.end(i, Gap{group_resource(requests_[i].resource), requests_[i].ns, 0, GapReason::not_recorded,
                       "the snapshot does not hold this list", false});
    }
  }

 private:
  void event(Value record, std::size_t request) {
    if (record["item"].present()) return item(record["item"], request);
    if (record["malformed"].present()) return sink_.item(request, {std::string(kJsonPadding, '\0'), 0});
    if (record["restart"].present()) return sink_.restart(request);
    if (!record["end"].present() || ended_[request]) return;
    ended_[request] = true;
    sink_.end(request, read_gap(record["end"]));
  }

  void item(Value object, std::size_t request) {
    const std::string& ns = requests_[request].ns;
    if (!ns.empty() && object["metadata"]["namespace"].text() != ns) return;
    Item item;
    write_json(object, item.bytes);
    item.size = item.bytes.size();
    item.bytes.resize(item.size + kJsonPadding);
    sink_.item(request, std::move(item));
  }

  std::span<const ListRequest> requests_;
  ListSink& sink_;
  std::vector<bool> ended_;
  std::map<std::int64_t, std::vector<std::size_t>> wanted_;  // by number of the recorded list
};

class Replay : public SnapshotSource {
 public:
  Replay(OpenBytes open, std::string name) : open_(std::move(open)), name_(std::move(name)) {
    each_record("snapshot", [this](Value record) { return header(record); });
    if (now_.empty()) throw Error(ErrorKind::input, name_ + " is not a snapshot of this program");
  }

  About about() override {
    About about;
    each_record("about", [&](Value record) {
      about = read_about(record["about"]);
      return false;
    });
    about.recorded = now_;
    return about;
  }

  Discovery discover() override {
    Discovery discovery;
    each_record("discovery", [&](Value record) {
      discovery = read_discovery(record["discovery"]);
      return false;
    });
    return discovery;
  }

  Response get(const GetRequest& request) override {
    Response response;
    response.gap = Gap{request.path, "", 0, GapReason::not_recorded, "the snapshot does not hold this answer", false};
    each_record("get", [&](Value record) {
      const Value get = record["get"];
      if (get["path"].text() != request.path || get["accept"].text() != request.accept) return true;
      response = read_response(get);
      return false;
    });
    return response;
  }

  void list(std::span<const ListRequest> requests, ListSink& sink) override {
    std::vector<ListRequest> recorded;
    each_record("list", [&](Value record) {
      recorded.push_back(read_list_request(record["list"]));
      return true;
    });
    Pass pass(recorded, requests, sink);
    each_record("", [&](Value record) {
      pass.line(record);
      return true;
    });
    pass.finish();
  }

  bool shows_whole_cluster() const override { return true; }
  const std::string& now() const override { return now_; }

 private:
  bool header(Value record) {
    const std::int64_t format = record["snapshot"].integer();
    if (format > kSnapshotFormat) {
      throw Error(ErrorKind::input,
                  name_ + " was written by a newer program (format " + std::to_string(format) + "); update this one");
    }
    if (format > 0) now_ = record["now"].text();
    return false;
  }

  /// Those whose first key is `name`, which says what a record is; all of them if it is empty. Until `use` returns false.
  void each_record(const std::string& name, const std::function<bool(Value)>& use) {
    JsonParser parser;
    const std::string start = name.empty() ? "" : "{\"" + name + "\":";
    read_lines(open_(), name_, [&](std::string_view line) {
      if (!line.starts_with(start)) return true;
      const Node* record = parser.parse_copy(line);
      if (record == nullptr) throw Error(ErrorKind::input, name_ + " holds a line that is not JSON: " + parser.error());
      return use(Value(record));
    });
  }

  OpenBytes open_;
  std::string name_;
  std::string now_;
};

ByteReader file_reader(const std::string& path) {
  auto file = std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*file) throw Error(ErrorKind::input, "cannot open " + path + ": " + std::strerror(errno));
  return [file](char* buffer, std::size_t size) {
    file->read(buffer, static_cast<std::streamsize>(size));
    return static_cast<std::size_t>(file->gcount());
  };
}

ByteReader memory_reader(std::string_view bytes) {
  return [bytes](char* buffer, std::size_t size) mutable {
    const std::size_t taken = bytes.copy(buffer, size);
    bytes.remove_prefix(taken);
    return taken;
  };
}

}  // namespace

std::unique_ptr<SnapshotSource> open_snapshot(const std::string& file) {
  return std::make_unique<Replay>([file] { return file_reader(file); }, file);
}

std::unique_ptr<SnapshotSource> open_snapshot_bytes(std::string_view bytes) {
  return std::make_unique<Replay>([bytes] { return memory_reader(bytes); }, "the bundled demo cluster");
}

}  // namespace posture
