// SPDX-License-Identifier: Apache-2.0
// One list, page by page, from the first request to its end: whole, partial or refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "posture/source.h"
#include "posture/value.h"
#include "source/client/list_cutter.h"
#include "source/client/server_status.h"
#include "source/client/session.h"

namespace posture {

class JsonParser;

/// A list whose token expired before this many items came is begun anew, once; later it is resumed and marked.
inline constexpr std::size_t kRestartBelowItems = 20'000;
inline constexpr int kMaxResumptions = 20;                               ///< of one list, after expired tokens
inline constexpr std::size_t kMaxPages = 1'000'000;                      ///< of one list
inline constexpr std::uint64_t kMaxPageBytes = std::uint64_t{16} << 30;  ///< of one page: a server may ignore `limit`
inline constexpr std::size_t kMaxPageItems = 1'000'000;  ///< likewise

/// Items go to the sink as they arrive. A page that breaks is asked for again, and what had come of it is recognised by
/// uid.
class ListRead : public Exchange {
 public:
  ListRead(Session& session, const ListRequest& request, std::size_t index, ListSink& sink);

  Attempts& attempts() { return attempts_; }
  void start();
  void stop(const StopReason& reason);

  bool looks_ahead() const { return ahead_ && session_.transport.holds(ahead_->held); }
  /// Whether the page that comes has named the next one.
  bool may_look_ahead();
  void look_ahead();

  void head(const HttpHead& head) override;
  bool body(std::string_view chunk) override;
  void end(const TransferEnd& end) override;

 private:
  void begin_page();
  void take_ahead();
  void drop_ahead();
  void take(Item item);
  bool came_before(std::string_view item);
  Value beginning(JsonParser& parser) const;
  bool is_metadata_page() const;
  bool is_endless() const { return fresh_.size() > kMaxPageItems; }
  void page_done(const ListCutter& page);
  void page_failed(const TransferEnd& end);
  void page_damaged(const std::string& what);
  void refused(const ServerStatus& status);
  void expired(const ServerStatus& status);
  void go_on(const std::string& token);
  void begin_anew();
  void forget_list();
  void forget_page();
  void finish(std::optional<Gap> gap);
  void expect(std::optional<std::uint64_t> remaining);
  std::optional<Gap> with_remarks(std::optional<Gap> gap) const;
  Gap gap(GapReason reason, int status, std::string message) const;

  Session& session_;
  const ListRequest& request_;
  std::size_t index_;
  ListSink& sink_;
  Attempts attempts_;

  // The whole list.
  std::string token_;  // of the page to come; "" is the first
  std::unordered_set<std::string> tokens_;
  std::size_t pages_ = 0;
  std::size_t delivered_ = 0;
  std::optional<std::uint64_t> remaining_;  // items to come, where the server says so
  bool restarted_ = false;
  int resumptions_ = 0;
  int damaged_tries_ = 0;
  std::vector<std::string> oversize_;  // names of the items that were too large

  // Hashes of the identities of items that came in tries that failed, and did not come again since: a later try may put
  // them on the next page. Then those of the page under way.
  std::unordered_multiset<std::uint64_t> known_;
  std::vector<std::uint64_t> fresh_;
  std::size_t oversize_before_ = 0;
  int malformed_tries_ = 0;
  HttpHead head_;
  std::optional<ListCutter> cutter_;
  bool holds_whole_objects_ = false;  // where that must not be
  std::uint64_t page_bytes_ = 0;
  std::optional<std::string> next_;  // token of the page behind it, once looked for; "" where its beginning names none
  std::string other_body_;  // of an answer that is no list

  /// The next page, asked for while this one comes.
  struct Ahead {
    std::string token;
    Transport::Held held = 0;
    std::size_t generation = 0;  // of the credentials
  };
  std::optional<Ahead> ahead_;
};

}  // namespace posture
