// SPDX-License-Identifier: Apache-2.0
// The live maker of Source: an API server reached over HTTPS.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "posture/kubeconfig.h"
#include "posture/source.h"

namespace posture {

/// Whether answers are asked for in gzip form. Automatic: unless the server is on this machine or in a private network, where
/// packing takes longer than sending, or the kubeconfig says disable-compression.
enum class Compression { automatic, always };

inline constexpr std::size_t kMaxWarnings = 20;  ///< of a server, that are passed on

/// How far a client is with its lists.
struct ReadProgress {
  std::size_t lists = 0;  ///< asked for so far
  std::size_t lists_done = 0;
  std::size_t pages = 0;
  std::size_t objects = 0;
  std::uint64_t remaining = 0;  ///< objects to come, as the server estimates them
  std::size_t lists_unknown = 0;  ///< lists under way of which the server does not say how many objects are to come
};

struct ClientOptions {
  std::size_t parallel = 4;  ///< lists read at the same time, each on a connection of its own
  double requests_per_second = 50;  ///< in the long run; 0: as fast as the server answers
  std::size_t burst = 100;  ///< requests that may come at once, when there were few before
  std::size_t page_size = 500;  ///< `limit`
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds stall_timeout{30'000};  ///< no byte for this long breaks a transfer
  std::string user_agent;  ///< must not begin with curl, Wget or Mozilla
  Compression compression = Compression::automatic;
  /// Asked many times a second: a reason (interrupted, out_of_time) ends all reading, and what is not read by then is a gap of
  /// that reason. Before the end of discovery it is an Error(stopped).
  std::function<std::optional<GapReason>()> stop;
  /// Called many times a second while something is read.
  std::function<void(const ReadProgress&)> progress;
  /// Told what the user should know at once, printable and short, such as each distinct warning of the server (the first
  /// kMaxWarnings of them); empty: nobody.
  std::function<void(const std::string&)> notice;
  double retry_pace = 1.0;  ///< factor on all waits before retries; tests shorten them
};

/// A live server can also be asked what the identity may do.
class Client : public Source {
 public:
  /// The answers in the order of the questions (SelfSubjectAccessReview: nothing is changed). Throws as Source::about does.
  virtual std::vector<Access> may(std::span<const AccessQuestion> questions) = 0;
};

std::unique_ptr<Client> make_client(Connection connection, ClientOptions options);

}  // namespace posture
