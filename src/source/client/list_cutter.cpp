// SPDX-License-Identifier: Apache-2.0
#include "source/client/list_cutter.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace posture {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

ListCutter::ListCutter(Deliver deliver, Oversize oversize, std::size_t max_item_bytes)
    : deliver_(std::move(deliver)),
      oversize_(std::move(oversize)),
      max_item_bytes_(max_item_bytes) {}

void ListCutter::fail(std::string flaw) {
  if (flaw_.empty()) flaw_ = std::move(flaw);
}

bool ListCutter::feed(std::string_view chunk) {
  while (!chunk.empty() && flaw_.empty()) chunk.remove_prefix(take(chunk));
  return flaw_.empty();
}

std::size_t ListCutter::take(std::string_view text) {
  if (state_ == State::item) return take_item(text);
  if (state_ == State::envelope) return take_envelope(text);
  if (!is_space(text[0])) between(text[0]);
  return 1;
}

/// A byte that is neither white space nor inside the envelope or an item.
void ListCutter::between(char c) {
  const bool item_may_come = state_ == State::first_item || state_ == State::next_item;
  const bool list_may_end = state_ == State::first_item || state_ == State::separator;
  if (state_ == State::before && c == '{') {
    state_ = State::envelope;
    envelope_byte(c);
  } else if (item_may_come && c == '{') {
    begin_item();
  } else if (state_ == State::separator && c == ',') {
    state_ = State::next_item;
  } else if (list_may_end && c == ']') {
    envelope_.push_back(c);
    state_ = State::envelope;
  } else if (state_ == State::before) {
    fail("it does not begin with {");
  } else {
    fail(state_ == State::after ? "something follows its end" : "its items are not objects in a list");
  }
}

std::size_t ListCutter::take_envelope(std::string_view text) {
  std::size_t taken = 0;
  while (taken < text.size() && state_ == State::envelope && flaw_.empty()) envelope_byte(text[taken++]);
  return taken;
}

void ListCutter::envelope_byte(char c) {
  if (envelope_.size() == kMaxEnvelopeBytes) return fail("it has more than 1 MiB beside its items");
  envelope_.push_back(c);
  const bool escaped = std::exchange(escaped_, c == '\\' && !escaped_);
  if (c == '"' && !escaped) {
    in_string_ = !in_string_;
    in_string_ ? static_cast<void>(string_start_ = envelope_.size() - 1) : end_envelope_string();
  } else if (in_string_) {
    return;
  } else if (c == '{' || c == '[') {
    open_bracket(c);
  } else if (c == '}' || c == ']') {
    if (--envelope_depth_ == 0) state_ = State::after;
  } else if (envelope_depth_ == 1 && (c == ',' || c == ':')) {
    key_due_ = c == ',';
  }
}

void ListCutter::end_envelope_string() {
  if (envelope_depth_ != 1 || !key_due_) return;
  items_key_ = std::string_view(envelope_).substr(string_start_) == "\"items\"";
}

void ListCutter::open_bracket(char c) {
  if (c == '[' && envelope_depth_ == 1 && items_key_ && !key_due_) {
    if (saw_items_) return fail("it has items twice");
    saw_items_ = true;
    state_ = State::first_item;
    return;
  }
  if (++envelope_depth_ == 1) key_due_ = true;
}

void ListCutter::begin_item() {
  state_ = State::item;
  end_ = JsonEndFinder();
  skipping_ = false;
  item_ = "{";
}

std::size_t ListCutter::take_item(std::string_view text) {
  const std::size_t end = end_.find(text);
  const bool whole = end != JsonEndFinder::kNotYet;
  const std::string_view piece = text.substr(0, whole ? end : text.size());
  if (!skipping_) keep(piece, whole);
  if (whole) finish_item();
  return piece.size();
}

void ListCutter::keep(std::string_view piece, bool whole) {
  if (item_.size() + piece.size() > max_item_bytes_) {
    item_.append(piece.substr(0, kShownBytes));
    oversize_(std::string_view(item_).substr(0, kShownBytes));
    skipping_ = true;
    item_ = {};
    return;
  }
  // An item that is here whole gets exactly the room it needs; of another the last one's size is a guess.
  const std::size_t known = item_.size() + piece.size();
  item_.reserve((whole ? known : std::max(known, last_size_)) + kJsonPadding);
  item_.append(piece);
}

void ListCutter::finish_item() {
  state_ = State::separator;
  if (skipping_) return;
  const std::size_t size = item_.size();
  last_size_ = size;
  item_.append(kJsonPadding, '\0');
  deliver_(Item{std::exchange(item_, {}), size});
}

}  // namespace posture
