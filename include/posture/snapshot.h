// SPDX-License-Identifier: Apache-2.0
// Recording what a source answers, and the maker of Source that replays it. docs/architecture.md says what a snapshot holds.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "posture/source.h"
#include "posture/value.h"

namespace posture {

class Arena;

inline constexpr int kSnapshotFormat = 1;

/// Takes out of an item what must not be kept; called for every object before it is written.
using Redact = std::function<void(Node& item, const Resource& resource, Arena& arena)>;

/// A source that answers like `inner` and writes every answer to `file` (mode 0600, zstd). `finish()` completes the file; without it
/// nothing is left behind. Throws Error(output).
class Recorder : public Source {
 public:
  virtual void finish() = 0;
};
std::unique_ptr<Recorder> make_recorder(Source& inner, const std::string& file, const std::string& now, Redact redact);

/// What a snapshot says of itself.
class SnapshotSource : public Source {
 public:
  virtual const std::string& now() const = 0;  ///< scan time of the recording, RFC 3339
};
/// Reads on demand, streaming: memory does not grow with the recording. Throws Error(input).
std::unique_ptr<SnapshotSource> open_snapshot(const std::string& file);
/// A recording in memory (the bundled demo); `bytes` must outlive the source.
std::unique_ptr<SnapshotSource> open_snapshot_bytes(std::string_view bytes);

}  // namespace posture
