// SPDX-License-Identifier: Apache-2.0
// Lines in and out of a zstd stream. The only file pair that names zstd.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace posture {

/// Writes lines to a new file of mode 0600 beside `path`, which it replaces on finish(). Throws Error(output).
class LineWriter {
 public:
  explicit LineWriter(const std::string& path);
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;
  void write(std::string_view line);  ///< adds the line break
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Longest line accepted: an object over the size limit has no place in a recording.
inline constexpr std::size_t kMaxSnapshotLine = 32 * 1024 * 1024;

/// Feeds compressed bytes: fills a buffer, returns how many; 0 at the end.
using ByteReader = std::function<std::size_t(char* buffer, std::size_t size)>;
/// Calls `line` for each line until it returns false. Throws Error(input) with `name` when the stream is damaged or cut.
void read_lines(const ByteReader& bytes, const std::string& name, const std::function<bool(std::string_view)>& line);

}  // namespace posture
