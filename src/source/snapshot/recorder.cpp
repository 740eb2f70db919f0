// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "posture/snapshot.h"
#include "source/snapshot/records.h"
#include "source/snapshot/zstd_file.h"

namespace posture {

namespace {

/// Writes each event of a list before passing it on.
class RecordingSink : public ListSink {
 public:
  RecordingSink(std::span<const ListRequest> requests, std::size_t first, LineWriter& out, const Redact& redact,
                ListSink& next)
      : requests_(requests),
        first_(first),
        out_(out),
        redact_(redact),
        next_(next) {}

  void item(std::size_t request, Item item) override {
    if (Node* root = parser_.parse(item.text())) {
      redact_(*root, requests_[request].resource, parser_.arena());
      line("item", request, [&](std::string& out) { write_json(Value(root), out); });
    } else {
      line("malformed", request, [](std::string& out) { out += "null"; });
    }
    next_.item(request, std::move(item));
  }
  void restart(std::size_t request) override {
    line("restart", request, [](std::string& out) { out += "null"; });
    next_.restart(request);
  }
  void end(std::size_t request, const std::optional<Gap>& gap) override {
    line("end", request, [&](std::string& out) { write_record(gap, out); });
    next_.end(request, gap);
  }

 private:
  template <typename Write>
  void line(const char* event, std::size_t request, Write write) {
    line_ = "{\"of\":" + std::to_string(first_ + request) + ",\"" + event + "\":";
    write(line_);
    line_ += "}";
    out_.write(line_);
  }

  std::span<const ListRequest> requests_;
  std::size_t first_;
  LineWriter& out_;
  const Redact& redact_;
  ListSink& next_;
  JsonParser parser_;
  std::string line_;
};

class FileRecorder : public Recorder {
 public:
  FileRecorder(Source& inner, const std::string& file, const std::string& now, Redact redact)
      : inner_(inner),
        out_(file),
        redact_(std::move(redact)) {
    std::string line = "{\"snapshot\":" + std::to_string(kSnapshotFormat) + ",\"now\":";
    write_json_string(now, line);
    out_.write(line + "}");
  }

  About about() override {
    const About about = inner_.about();
    record("about", [&](std::string& out) { write_record(about, out); });
    return about;
  }
  Discovery discover() override {
    Discovery discovery = inner_.discover();
    record("discovery", [&](std::string& out) { write_record(discovery, out); });
    return discovery;
  }
  Response get(const GetRequest& request) override {
    Response response = inner_.get(request);
    if (is_object(request)) response.body = redacted(response.body);
    record("get", [&](std::string& out) { write_record(request, response, out); });
    return response;
  }
  void list(std::span<const ListRequest> requests, ListSink& sink) override {
    const std::size_t first = lists_;
    lists_ += requests.size();
    for (const ListRequest& request : requests) record("list", [&](std::string& out) { write_record(request, out); });
    RecordingSink recording(requests, first, out_, redact_, sink);
    inner_.list(requests, recording);
  }
  bool shows_whole_cluster() const override { return inner_.shows_whole_cluster(); }
  void finish() override { out_.finish(); }

 private:
  template <typename Write>
  void record(const char* name, Write write) {
    std::string line = std::string("{\"") + name + "\":";
    write(line);
    out_.write(line + "}");
  }

  static bool is_object(const GetRequest& request) { return request.path.starts_with("/api"); }
  std::string redacted(const std::string& object) {
    Node* root = parser_.parse_copy(object);
    if (root == nullptr) return object;
    redact_(*root, {}, parser_.arena());
    std::string text;
    write_json(Value(root), text);
    return text;
  }

  Source& inner_;
  LineWriter out_;
  Redact redact_;
  JsonParser parser_;
  std::size_t lists_ = 0;
};

}  // namespace

std::unique_ptr<Recorder> make_recorder(Source& inner, const std::string& file, const std::string& now, Redact redact) {
  return std::make_unique<FileRecorder>(inner, file, now, std::move(redact));
}

}  // namespace posture
