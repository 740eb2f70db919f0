// SPDX-License-Identifier: Apache-2.0
// One exchange as libcurl sees it: what it calls while the answer comes, and what its codes mean.
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>

#include "source/client/http_head.h"
#include "source/client/transport.h"

namespace posture {

struct FreeCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, FreeCurl>;
using HeaderList = std::unique_ptr<curl_slist, FreeCurl>;

/// One exchange under way.
struct Transfer {
  Exchange* exchange = nullptr;  // null: the answer is held
  Transport::Held held = 0;
  bool paused = false;  // there is body, and nobody to take it
  Handle handle;
  HeaderList headers;
  std::string body;  // of a POST
  std::array<char, CURL_ERROR_SIZE> error{};
  HttpHead head;
  std::size_t header_bytes = 0;
  std::chrono::steady_clock::time_point last_byte;
  bool answered = false;
  bool stopped = false;
  bool tls_begun = false;  // on a connection of its own: somebody took it
  std::exception_ptr thrown;
};

/// Callbacks of libcurl; `user` is the Transfer.
std::size_t on_header(char* bytes, std::size_t unit, std::size_t count, void* user);
std::size_t on_body(char* bytes, std::size_t unit, std::size_t count, void* user);

/// How a transfer ended, by libcurl's code.
TransferEnd end_of(const Transfer& transfer, CURLcode code);

}  // namespace posture
