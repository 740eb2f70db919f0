// SPDX-License-Identifier: Apache-2.0
// Cuts the bytes of a list page into its items as they arrive, so that no page is ever held in memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/json_end.h"
#include "posture/source.h"

namespace posture {

inline constexpr std::size_t kMaxItemBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxEnvelopeBytes = 1024 * 1024;

/// Takes one page in chunks of any size. Items are handed on once their last byte has come, unparsed: whether an item
/// is JSON is for its reader to find out. Everything around them (kind, metadata, in any order) is the envelope. Not
/// thread-safe.
class ListCutter {
 public:
  using Deliver = std::function<void(Item)>;
  /// `oversize` gets the first kShownBytes of an item that is larger than `max_item_bytes`; the rest of it is skipped.
  using Oversize = std::function<void(std::string_view beginning)>;
  static constexpr std::size_t kShownBytes = 4096;

  ListCutter(Deliver deliver, Oversize oversize, std::size_t max_item_bytes = kMaxItemBytes);

  /// False from the first chunk on that shows the page not to be a list; `flaw()` says why.
  bool feed(std::string_view chunk);
  const std::string& flaw() const { return flaw_; }

  /// Whether the page has ended: nothing but white space may follow.
  bool complete() const { return state_ == State::after; }
  /// The page without its items: `{"kind":"PodList","metadata":{…},"items":[]}`. Well-formed only if the page was.
  const std::string& envelope() const { return envelope_; }
  bool saw_items() const { return saw_items_; }  ///< a member `items` with a list as its value

 private:
  enum class State { before, envelope, first_item, next_item, separator, item, after };

  std::size_t take(std::string_view text);
  std::size_t take_envelope(std::string_view text);
  std::size_t take_item(std::string_view text);
  void between(char c);
  void envelope_byte(char c);
  void end_envelope_string();
  void open_bracket(char c);
  void keep(std::string_view piece, bool whole);
  void finish_item();
  void begin_item();
  void fail(std::string flaw);

  Deliver deliver_;
  Oversize oversize_;
  std::size_t max_item_bytes_;
  State state_ = State::before;
  std::string flaw_;

  std::string envelope_;
  std::size_t envelope_depth_ = 0;
  std::size_t string_start_ = 0;  // in envelope_
  bool in_string_ = false;
  bool escaped_ = false;
  bool key_due_ = false;  // the next string at depth 1 is a key
  bool items_key_ = false;  // and the last one was "items"
  bool saw_items_ = false;

  JsonEndFinder end_;
  std::string item_;
  bool skipping_ = false;  // this item is too large
  std::size_t last_size_ = 0;
};

}  // namespace posture
