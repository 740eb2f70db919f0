// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server on loopback that says whatever a test wants, with or without TLS.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "test_certificates.h"

/// A request as it came.
struct Asked {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case; of several of one name, all with ", " between
  std::string body;
  std::string server_name;     // that TLS was asked for, "" for none
  std::string certificate;     // the subject of the client's, "" for none
  std::size_t connection = 0;  // 0 is the first accepted
  std::size_t number = 0;      // of all requests, in order of arrival
};

/// Raw bytes to send, and what to do then.
struct Reply {
  std::string bytes;
  bool close = false;
  std::chrono::milliseconds byte_pause{0};  // between single bytes
  std::chrono::milliseconds end_pause{0};   // before going on or closing
};

inline Reply reply(int status, const std::string& type, const std::string& body, const std::string& headers = "") {
  Reply out;
  out.bytes = "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + type +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
  return out;
}
inline Reply json(const std::string& body, int status = 200, const std::string& headers = "") {
  return reply(status, "application/json", body, headers);
}
inline Reply status_reply(int code, const std::string& reason, const std::string& message,
                          const std::string& headers = "") {
  return json(R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":")" + reason + R"(","message":")" +
                  message + R"(","code":)" + std::to_string(code) + "}",
              code, headers);
}
/// The same reply without its last `missing` bytes, and then the end of the connection.
inline Reply cut_short(Reply whole, std::size_t missing) {
  whole.bytes.resize(whole.bytes.size() - missing);
  whole.close = true;
  return whole;
}

class ScriptedServer {
 public:
  using Script = std::function<Reply(const Asked&)>;

  explicit ScriptedServer(Script script, const TestIdentity* identity = nullptr, int max_tls = 0, int family = AF_INET)
      : script_(std::move(script)),
        listener_(socket(family, SOCK_STREAM, 0)) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to whoever has left
    if (identity != nullptr) use(*identity, max_tls);
    sockaddr_in6 address{};  // has room for both, and the port at the same place
    address.sin6_family = static_cast<sa_family_t>(family);
    address.sin6_addr = in6addr_loopback;
    sockaddr* const any = reinterpret_cast<sockaddr*>(&address);
    if (family == AF_INET) reinterpret_cast<sockaddr_in*>(any)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof address;
    if (bind(listener_, any, size) != 0 || listen(listener_, 64) != 0 || getsockname(listener_, any, &size) != 0) {
      close(listener_);
      throw std::runtime_error("no loopback socket");
    }
    port_ = ntohs(address.sin6_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer() {
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const int connection : open_) shutdown(connection, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
  }

  std::string url(const std::string& host = "127.0.0.1") const {
    return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_);
  }
  std::vector<Asked> log() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  std::vector<std::string> targets() const {
    std::vector<std::string> out;
    for (const Asked& asked : log()) out.push_back(asked.target);
    return out;
  }

 private:
  /// One accepted connection: plain, or TLS above.
  struct Line {
    int socket;
    std::unique_ptr<SSL, decltype(&SSL_free)> tls{nullptr, SSL_free};

    long read(char* bytes, std::size_t size) const {
      return tls ? SSL_read(tls.get(), bytes, static_cast<int>(size)) : recv(socket, bytes, size, 0);
    }
    bool write(std::string_view bytes) const {
      while (!bytes.empty()) {
        const long sent =
            tls ? SSL_write(tls.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)))
                : send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      }
      return true;
    }
  };

  void use(const TestIdentity& identity, int max_tls) {
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(tls_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(tls_.get(), identity.key.get());
    SSL_CTX_set_security_level(tls_.get(), 0);
    if (max_tls != 0) SSL_CTX_set_max_proto_version(tls_.get(), max_tls);
    SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  }

  void accept_all() {
    for (;;) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      const std::lock_guard lock(mutex_);
      open_.push_back(connection);
      threads_.emplace_back([this, connection, number = open_.size() - 1] { serve(connection, number); });
    }
  }

  void serve(int connection, std::size_t number) {
    Line line{connection};
    if (tls_) {
      line.tls.reset(SSL_new(tls_.get()));
      SSL_set_fd(line.tls.get(), connection);
    }
    if (!line.tls || SSL_accept(line.tls.get()) == 1) talk(line, number);
    const std::lock_guard lock(mutex_);
    open_[number] = -1;
    line.tls.reset();
    close(connection);
  }

  void talk(const Line& line, std::size_t number) {
    std::string buffer;
    Asked asked;
    while (take_request(line, buffer, asked)) {
      asked.connection = number;
      if (line.tls) note_tls(line.tls.get(), asked);
      Reply answer;
      {
        const std::lock_guard lock(mutex_);
        asked.number = log_.size();
        log_.push_back(asked);
        answer = script_(asked);
      }
      if (!send_reply(line, answer) || answer.close) return;
    }
  }

  static void note_tls(SSL* tls, Asked& asked) {
    const char* const name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
    asked.server_name = name == nullptr ? "" : name;
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls), X509_free);
    if (!certificate) return;
    char subject[256];
    asked.certificate = X509_NAME_oneline(X509_get_subject_name(certificate.get()), subject, sizeof subject);
  }

  bool send_reply(const Line& line, const Reply& answer) {
    bool good = true;
    if (answer.byte_pause.count() == 0) good = line.write(answer.bytes);
    for (std::size_t i = 0; answer.byte_pause.count() != 0 && good && i < answer.bytes.size(); ++i) {
      good = line.write(std::string_view(answer.bytes).substr(i, 1)) && pause(answer.byte_pause);
    }
    return good && pause(answer.end_pause);
  }

  /// False when the server ends meanwhile.
  bool pause(std::chrono::milliseconds wanted) {
    const auto until = std::chrono::steady_clock::now() + wanted;
    while (std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(wanted, std::chrono::milliseconds(10)));
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
    }
    return true;
  }

  static bool take_request(const Line& line, std::string& buffer, Asked& asked) {
    asked = {};
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!more(line, buffer)) return false;
    }
    parse_head(buffer.substr(0, end + 2), asked);
    buffer.erase(0, end + 4);
    const auto length = asked.headers.find("content-length");
    const std::size_t size = length == asked.headers.end() ? 0 : std::stoul(length->second);
    while (buffer.size() < size) {
      if (!more(line, buffer)) return false;
    }
    asked.body = buffer.substr(0, size);
    buffer.erase(0, size);
    return true;
  }
  static bool more(const Line& line, std::string& buffer) {
    char block[16 * 1024];
    const long got = line.read(block, sizeof block);
    if (got > 0) buffer.append(block, static_cast<std::size_t>(got));
    return got > 0;
  }
  static void parse_head(const std::string& head, Asked& asked) {
    const std::size_t space = head.find(' ');
    asked.method = head.substr(0, space);
    asked.target = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
      const std::size_t end = head.find("\r\n", at);
      const std::size_t colon = head.find(": ", at);
      std::string name = head.substr(at, colon - at);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      std::string& value = asked.headers[name];
      value += (value.empty() ? "" : ", ") + head.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
  }

  Script script_;
  int listener_;
  int port_ = 0;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_{nullptr, SSL_CTX_free};
  mutable std::mutex mutex_;
  std::vector<Asked> log_;
  std::vector<int> open_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};
