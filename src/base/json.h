// SPDX-License-Identifier: Apache-2.0
// JSON text to value trees and back. The only file pair that names simdjson.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "posture/value.h"

namespace posture {

/// Bytes that must follow the text given to JsonParser::parse within the same allocation (their content does not matter).
inline constexpr std::size_t kJsonPadding = 64;
/// Deepest nesting accepted; deeper input is refused.
inline constexpr std::size_t kMaxJsonDepth = 512;

/// A member that a parse leaves out: `key` in the map that is the member `parent` of the root. Its text is looked at only as far as it
/// takes to find its end. Several of one parent stand together.
struct JsonOmission {
  std::string_view parent;
  std::string_view key;
};

/// Turns one JSON text at a time into a tree. Reuse it: its buffers grow to the largest text and stay. One per thread.
class JsonParser {
 public:
  JsonParser();
  ~JsonParser();
  JsonParser(JsonParser&&) noexcept;
  JsonParser& operator=(JsonParser&&) noexcept;

  /// Parses `text`, which has kJsonPadding readable bytes behind it. Returns a mutable tree that is valid until the next call,
  /// or nullptr with `error()` set: malformed text, invalid UTF-8, nesting beyond kMaxJsonDepth. Of duplicate keys the last wins.
  Node* parse(std::string_view text, std::span<const JsonOmission> omitted = {});
  /// The same for text without padding, which is copied first.
  Node* parse_copy(std::string_view text);
  const std::string& error() const { return error_; }
  /// The arena of the current tree, for callers that rewrite it.
  Arena& arena() { return arena_; }

 private:
  struct Engine;
  std::string_view shortened(std::string_view text, std::span<const JsonOmission> omitted);

  std::unique_ptr<Engine> engine_;
  Arena arena_;
  std::string error_;
  std::string padded_;
};

/// A parsed JSON text that owns its memory.
class JsonDocument {
 public:
  /// Throws Error(input) naming `where` when the text is not one JSON value.
  JsonDocument(std::string_view text, const std::string& where);
  Value root() const { return root_; }

 private:
  JsonParser parser_;
  Value root_;
};

/// Appends `value` as compact JSON, members in their order. Absent is written as null. Reals are written shortest round-trip.
void write_json(Value value, std::string& out);
/// Appends a JSON string literal of `text`.
void write_json_string(std::string_view text, std::string& out);

}  // namespace posture
