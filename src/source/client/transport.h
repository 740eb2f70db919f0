// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 to one server, several exchanges at a time on one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "posture/client.h"
#include "source/client/authorization.h"
#include "source/client/certificates.h"
#include "source/client/http_head.h"

namespace posture {

inline constexpr std::size_t kMaxHeaderBytes = 256 * 1024;             ///< of one answer
inline constexpr std::chrono::milliseconds kMaxExchangeTime{180'000};  ///< one request, however lively

struct HttpRequest {
  std::string path;  ///< with query, appended to the server's URL
  std::string accept = "application/json";
  std::string body;  ///< empty: GET, else POST
  std::string content_type = "application/json";  ///< of the body
};

enum class Ending {
  complete,     ///< the whole answer came
  stopped,      ///< the exchange wanted no more of it
  proxy,        ///< it cannot be reached or trusted, or does not let us through
  unresolved,   ///< no address for the host
  unreachable,  ///< no connection within the time
  handshake,    ///< a connection, but TLS did not come up
  untrusted,    ///< certificate or host verification, ours or theirs
  stalled,      ///< nothing came for too long, or it took too long altogether
  damaged,      ///< its gzip form is not whole or not right, which shows only when bytes of it were handed on
  broken,       ///< cut in the middle
};

/// How a transfer ended; `detail` is printable, for a message.
struct TransferEnd {
  Ending ending = Ending::complete;
  std::string detail;
};

/// What was seen of the way to the server.
struct Route {
  std::string address;  ///< "10.0.0.1:6443", the proxy's where there is one; "": nobody was reached
  std::chrono::microseconds connect_time{};  ///< of the first connection, the look-up of the name included; 0: unknown
  ServerCertificates certificates;  ///< of the newest handshake; where it failed, perhaps the proxy's
};

/// Receives one answer, on the thread that calls Transport::step. Exceptions pass through step() to its caller.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void head(const HttpHead& head) = 0;
  /// False: no more of it is wanted.
  virtual bool body(std::string_view chunk) = 0;
  /// Exactly once. May start the next exchange.
  virtual void end(const TransferEnd& end) = 0;
};

/// Verifies certificate and host name (subject alternative names only) unless the connection says otherwise, trusts
/// only the connection's CA where there is one, follows no redirect, asks no terminal and no proxy but the
/// connection's. Never sends
/// credentials over plain http. Not thread-safe.
class Transport {
 public:
  Transport(const Connection& connection, const ClientOptions& options, Authorization& authorization);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// `exchange` must live until its end() or the transport's destruction.
  void start(const HttpRequest& request, Exchange& exchange);

  /// A request whose answer waits, its body in the network, until an exchange takes it.
  using Held = std::uint64_t;
  Held hold(const HttpRequest& request);
  /// False once its answer broke off, or ended without a body.
  bool holds(Held held) const;
  /// `exchange` gets the answer, which must be held, as if it had asked itself.
  void take(Held held, Exchange& exchange);
  void drop(Held held);  ///< if it is still held

  /// Moves all exchanges on, waiting up to `max_wait` for the network.
  void step(std::chrono::milliseconds max_wait);

  /// Drops all exchanges under way, without their end().
  void abandon();

  std::string url(const std::string& path) const;
  bool reached() const;  ///< whether an answer ever came
  Route route() const;

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace posture
