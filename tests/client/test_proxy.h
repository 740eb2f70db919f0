// SPDX-License-Identifier: Apache-2.0
// A proxy on loopback, HTTP CONNECT or SOCKS5, with or without TLS, that notes what it is asked and leads everything to
// one target.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "test_certificates.h"

class TestProxy {
 public:
  enum class Kind { http, socks5 };

  /// `refusal`: a whole HTTP answer instead of a tunnel.
  TestProxy(Kind kind, int target_port, const TestIdentity* identity = nullptr, std::string refusal = "")
      : kind_(kind),
        target_port_(target_port),
        refusal_(std::move(refusal)),
        listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to whoever has left
    if (identity != nullptr) {
      tls_.reset(SSL_CTX_new(TLS_server_method()));
      SSL_CTX_use_certificate(tls_.get(), identity->certificate.get());
      SSL_CTX_use_PrivateKey(tls_.get(), identity->key.get());
    }
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    sockaddr* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, 16) != 0 || getsockname(listener_, any, &size) != 0) {
      throw std::runtime_error("no loopback socket");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  TestProxy(const TestProxy&) = delete;
  TestProxy& operator=(const TestProxy&) = delete;
  ~TestProxy() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
  }

  int port() const { return port_; }
  /// The heads of CONNECT requests, or "name:port" that SOCKS5 was asked for ("address" when it was an address).
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  struct Line {
    int socket;
    std::unique_ptr<SSL, decltype(&SSL_free)> tls{nullptr, SSL_free};
    long read(char* bytes, std::size_t size) const {
      return tls ? SSL_read(tls.get(), bytes, static_cast<int>(size)) : recv(socket, bytes, size, 0);
    }
    bool write(const std::string& bytes) const {
      const auto size = static_cast<long>(bytes.size());
      return (tls ? SSL_write(tls.get(), bytes.data(), static_cast<int>(size))
                  : send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL)) == size;
    }
    std::string take(std::size_t size) const {
      std::string out;
      char byte = 0;
      while (out.size() < size && read(&byte, 1) == 1) out += byte;
      return out;
    }
  };

  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }
  void note(std::string what) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(std::move(what));
  }

  void accept_all() {
    for (;;) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      threads_.emplace_back([this, connection] { serve(connection); });
    }
  }
  void serve(int connection) {
    Line line{connection};
    if (tls_) {
      line.tls.reset(SSL_new(tls_.get()));
      SSL_set_fd(line.tls.get(), connection);
    }
    if (!line.tls || SSL_accept(line.tls.get()) == 1) {
      if (kind_ == Kind::http ? greet_http(line) : greet_socks(line)) pump(line);
    }
    line.tls.reset();
    close(connection);
  }
  bool greet_http(const Line& line) {
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      const std::string byte = line.take(1);
      if (byte.empty()) return false;
      head += byte;
    }
    note(head);
    if (!refusal_.empty()) return line.write(refusal_), false;
    return line.write("HTTP/1.1 200 OK\r\nX-Proxy: yes\r\n\r\n");
  }
  bool greet_socks(const Line& line) {
    const std::string hello = line.take(2);
    if (hello.size() != 2) return false;
    line.take(static_cast<unsigned char>(hello[1]));
    line.write({"\x05\x00", 2});
    const std::string request = line.take(4);
    if (request.size() != 4) return false;
    const std::size_t size = request[3] == 3 ? static_cast<unsigned char>(line.take(1)[0]) : request[3] == 1 ? 4 : 16;
    const std::string name = line.take(size);
    const std::string port = line.take(2);
    const int number = static_cast<unsigned char>(port[0]) * 256 + static_cast<unsigned char>(port[1]);
    note((request[3] == 3 ? name : "address") + ":" + std::to_string(number));
    return line.write({"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10});
  }
  void pump(const Line& line) {
    const Line target{socket(AF_INET, SOCK_STREAM, 0)};
    const sockaddr_in address = loopback(target_port_);
    bool open = connect(target.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    while (open && !stopping()) {
      pollfd ends[] = {{line.socket, POLLIN, 0}, {target.socket, POLLIN, 0}};
      const bool waiting = line.tls && SSL_pending(line.tls.get()) > 0;
      poll(ends, 2, waiting ? 0 : 20);
      if (waiting || ends[0].revents != 0) open = pass(line, target);
      if (open && ends[1].revents != 0) open = pass(target, line);
    }
    close(target.socket);
  }
  static bool pass(const Line& from, const Line& to) {
    char block[16 * 1024];
    const long got = from.read(block, sizeof block);
    return got > 0 && to.write({block, static_cast<std::size_t>(got)});
  }

  Kind kind_;
  int target_port_;
  std::string refusal_;
  int listener_;
  int port_ = 0;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_{nullptr, SSL_CTX_free};
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};
