// SPDX-License-Identifier: Apache-2.0
// A server on loopback that answers each connection once, with bytes, and ends it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "input.h"

namespace posture::fuzz {

/// Lives as long as the program. The first connection after `answer` gets these bytes, the others get `good`.
class Loopback {
 public:
  explicit Loopback(std::string good) : good_(std::move(good)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    demand(bind(listener_, any, size) == 0 && listen(listener_, 64) == 0 && getsockname(listener_, any, &size) == 0);
    port_ = ntohs(address.sin_port);
    std::thread([this] { serve(); }).detach();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void answer(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    bytes_ = std::string(bytes);
  }

 private:
  /// A copy: who asked may have gone, and the input with it, while it is still being sent.
  std::string take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(bytes_, std::nullopt).value_or(good_);
  }
  void serve() {
    for (;;) {
      const int line = accept(listener_, nullptr, nullptr);
      if (line < 0) continue;
      char request[4096];  // ours are short, and come in one piece
      const bool asked = recv(line, request, sizeof request, 0) > 0;
      if (asked) send_all(line, take());
      shutdown(line, SHUT_WR);
      while (recv(line, request, sizeof request, 0) > 0) {}  // closing with unread bytes would be a reset
      close(line);
    }
  }
  static void send_all(int line, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(line, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  std::string good_;
  std::mutex mutex_;
  std::optional<std::string> bytes_;
  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  int port_ = 0;
};

}  // namespace posture::fuzz
