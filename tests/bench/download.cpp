// SPDX-License-Identifier: Apache-2.0
// The floor under every scan: fetches lists and throws the bytes away. The next page is asked for as soon as one names it.
//   download URL CA CERTIFICATE KEY CONNECTIONS [--plain] [--in-turn] PATH…
// --in-turn: only once that one is here. Without --plain in gzip form.
// Prints one line of JSON: pages, bytes of JSON, bytes on the wire.
#include <curl/curl.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kHeadBytes = 4096;  // a list's metadata, with the continue token, stands in front of its items
constexpr std::size_t kMaxPages = 100000;
constexpr long kBufferBytes = 256 * 1024;
constexpr long kTimeoutSeconds = 120;

struct Job {
  std::string path;
  std::string token;  // of the page; "" is the first
};

/// Ends when no job waits and none is under way.
class Jobs {
 public:
  void add(Job job) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
    changed_.notify_one();
  }
  std::optional<Job> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty() || under_way_ == 0; });
    if (waiting_.empty()) return std::nullopt;
    ++under_way_;
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
  }
  void done() {
    const std::lock_guard lock(mutex_);
    if (--under_way_ == 0) changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  std::size_t under_way_ = 0;
};

struct Floor {
  std::string url, ca, certificate, key;
  bool plain = false;
  bool in_turn = false;
  Jobs jobs;
  std::atomic<std::size_t> pages{0}, bytes{0}, wire{0};
};

struct Page {
  Floor& floor;
  const Job& job;
  std::string head = {};
  std::size_t bytes = 0;
  bool looked = false;
};

std::string continue_token(std::string_view head) {
  constexpr std::string_view kKey = "\"continue\":\"";
  const std::size_t items = head.find("\"items\":");
  const std::size_t key = head.find(kKey);
  if (key == std::string_view::npos || key > items) return "";
  const std::size_t begin = key + kKey.size();
  return std::string(head.substr(begin, head.find('"', begin) - begin));
}

void ask_for_next(Page& page) {
  page.looked = true;
  const std::string token = continue_token(page.head);
  if (!token.empty()) page.floor.jobs.add({page.job.path, token});
}

std::size_t take(char* data, std::size_t unit, std::size_t count, void* user) {
  Page& page = *static_cast<Page*>(user);
  const std::size_t size = unit * count;
  if (page.head.size() < kHeadBytes) page.head.append(data, std::min(size, kHeadBytes - page.head.size()));
  page.bytes += size;
  if (!page.looked && !page.floor.in_turn && page.head.find("\"items\":") != std::string::npos) ask_for_next(page);
  return size;
}

[[noreturn]] void give_up(const std::string& path, const std::string& reason) {
  std::fprintf(stderr, "download: %s: %s\n", path.c_str(), reason.c_str());
  std::exit(1);
}

void fetch(CURL* handle, Floor& floor, const Job& job) {
  const std::string path = job.path + "?limit=500" + (job.token.empty() ? "" : "&continue=" + job.token);
  Page page{floor, job};
  curl_easy_setopt(handle, CURLOPT_URL, (floor.url + path).c_str());
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &page);
  const CURLcode code = curl_easy_perform(handle);
  long status = 0;
  curl_off_t wire = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_SIZE_DOWNLOAD_T, &wire);
  if (code != CURLE_OK) give_up(path, curl_easy_strerror(code));
  if (status != 200) give_up(path, "HTTP status " + std::to_string(status));
  if (!page.looked) ask_for_next(page);
  floor.bytes += page.bytes;
  floor.wire += static_cast<std::size_t>(wire);
  if (++floor.pages == kMaxPages) give_up(path, "the lists do not end");
}

void work(Floor& floor) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> owned(curl_easy_init(), &curl_easy_cleanup);
  CURL* handle = owned.get();
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "kube-posture-floor");  // a name that begins with curl gets indented JSON
  curl_easy_setopt(handle, CURLOPT_CAINFO, floor.ca.c_str());
  curl_easy_setopt(handle, CURLOPT_SSLCERT, floor.certificate.c_str());
  curl_easy_setopt(handle, CURLOPT_SSLKEY, floor.key.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, kBufferBytes);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, kTimeoutSeconds);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
  if (!floor.plain) curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
  while (const std::optional<Job> job = floor.jobs.take()) {
    fetch(handle, floor, *job);
    floor.jobs.done();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) {
    std::fprintf(stderr, "usage: download URL CA CERTIFICATE KEY CONNECTIONS [--plain] [--in-turn] PATH…\n");
    return 2;
  }
  Floor floor;
  floor.url = argv[1], floor.ca = argv[2], floor.certificate = argv[3], floor.key = argv[4];
  const int connections = std::atoi(argv[5]);
  for (const std::string word : std::span(argv + 6, argv + argc)) {
    if (word == "--plain")
      floor.plain = true;
    else if (word == "--in-turn")
      floor.in_turn = true;
    else
      floor.jobs.add({word, ""});
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::vector<std::thread> threads;
  for (int i = 0; i < connections; ++i) threads.emplace_back(work, std::ref(floor));
  for (std::thread& thread : threads) thread.join();
  std::printf("{\"pages\": %zu, \"bytes\": %zu, \"wire\": %zu}\n", floor.pages.load(), floor.bytes.load(),
              floor.wire.load());
}
