// SPDX-License-Identifier: Apache-2.0
// Writes one JSON text piece by piece, so that a report of any size needs the memory of a few lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posture {

/// Containers are indented; those opened as a row, and all within, stand on one line. The caller keeps JSON's grammar:
/// in a map, each value follows a key(). Text may be anything: bytes that are not UTF-8 become U+FFFD, and what could
/// move a terminal's cursor or reorder its text is written as \uXXXX. Throws Error(output) when the stream fails.
class JsonStream {
 public:
  /// `threads`: how many write a list().
  explicit JsonStream(std::ostream& out, std::size_t threads = 1) : out_(&out), threads_(threads) {}

  void open_map() { open('{', false); }
  void open_list() { open('[', false); }
  void open_row() { open('{', true); }
  void open_list_row() { open('[', true); }
  void close();
  /// A list of `count` elements, each written by element(index, stream) as one value, a few at a time on several threads.
  void list(std::size_t count, const std::function<void(std::size_t, JsonStream&)>& element);
  JsonStream& key(std::string_view name);  ///< which needs no escape

  void text(std::string_view value);
  void text_or_null(std::string_view value);  ///< null when empty
  void number(std::uint64_t value);
  void number(double value);  ///< shortest form that reads back the same
  void boolean(bool value);
  void null();
  void raw(std::string_view json);  ///< a JSON text on one line; null when empty
  void finish();  ///< the last line feed and byte

 private:
  JsonStream() = default;  // all stays in the buffer
  JsonStream piece() const;
  void append(const std::string& elements);
  void open(char bracket, bool row);
  void begin_value();
  void new_line();
  void flush();

  struct Level {
    char closing;
    bool row;
    bool empty;
  };
  std::ostream* out_ = nullptr;
  std::size_t threads_ = 1;
  std::string buffer_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace posture
