// SPDX-License-Identifier: Apache-2.0
// The floor under every scan: fetches lists page by page and throws the bytes away.
//   download URL CA CERTIFICATE KEY CONNECTIONS [--plain] PATH…
// Prints one line of JSON: pages, bytes of JSON, bytes on the wire.
#include <curl/curl.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kHeadBytes = 4096;  // a list's metadata, with the continue token, stands in front of its items
constexpr int kMaxPages = 100000;
constexpr long kBufferBytes = 256 * 1024;
constexpr long kTimeoutSeconds = 120;

struct Floor {
  std::string url, ca, certificate, key;
  bool plain = false;
  std::vector<std::string> paths;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> pages{0}, bytes{0}, wire{0};
};

struct Page {
  std::string head;
  std::size_t bytes = 0;
};

std::size_t take(char* data, std::size_t unit, std::size_t count, void* user) {
  Page& page = *static_cast<Page*>(user);
  const std::size_t size = unit * count;
  if (page.head.size() < kHeadBytes) page.head.append(data, std::min(size, kHeadBytes - page.head.size()));
  page.bytes += size;
  return size;
}

std::string continue_token(std::string_view head) {
  constexpr std::string_view kKey = "\"continue\":\"";
  const std::size_t items = head.find("\"items\":");
  const std::size_t key = head.find(kKey);
  if (key == std::string_view::npos || key > items) return "";
  const std::size_t begin = key + kKey.size();
  return std::string(head.substr(begin, head.find('"', begin) - begin));
}

[[noreturn]] void give_up(const std::string& path, const std::string& reason) {
  std::fprintf(stderr, "download: %s: %s\n", path.c_str(), reason.c_str());
  std::exit(1);
}

void fetch(CURL* handle, Floor& floor, const std::string& path, Page& page) {
  curl_easy_setopt(handle, CURLOPT_URL, (floor.url + path).c_str());
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &page);
  const CURLcode code = curl_easy_perform(handle);
  long status = 0;
  curl_off_t wire = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_SIZE_DOWNLOAD_T, &wire);
  if (code != CURLE_OK) give_up(path, curl_easy_strerror(code));
  if (status != 200) give_up(path, "HTTP status " + std::to_string(status));
  floor.pages += 1;
  floor.bytes += page.bytes;
  floor.wire += static_cast<std::size_t>(wire);
}

void fetch_list(CURL* handle, Floor& floor, const std::string& path) {
  std::string token;
  for (int i = 0; i < kMaxPages; ++i) {
    Page page;
    fetch(handle, floor, path + "?limit=500" + (token.empty() ? "" : "&continue=" + token), page);
    token = continue_token(page.head);
    if (token.empty()) return;
  }
  give_up(path, "the list does not end");
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
  for (std::size_t i = floor.next++; i < floor.paths.size(); i = floor.next++)
    fetch_list(handle, floor, floor.paths[i]);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) {
    std::fprintf(stderr, "usage: download URL CA CERTIFICATE KEY CONNECTIONS [--plain] PATH…\n");
    return 2;
  }
  Floor floor;
  floor.url = argv[1], floor.ca = argv[2], floor.certificate = argv[3], floor.key = argv[4];
  const int connections = std::atoi(argv[5]);
  floor.plain = std::string_view(argv[6]) == "--plain";
  floor.paths.assign(argv + (floor.plain ? 7 : 6), argv + argc);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::vector<std::thread> threads;
  for (int i = 0; i < connections; ++i) threads.emplace_back(work, std::ref(floor));
  for (std::thread& thread : threads) thread.join();
  std::printf("{\"pages\": %zu, \"bytes\": %zu, \"wire\": %zu}\n", floor.pages.load(), floor.bytes.load(),
              floor.wire.load());
}
