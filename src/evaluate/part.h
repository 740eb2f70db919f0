// SPDX-License-Identifier: Apache-2.0
// What one worker found in one list, not yet visible: a list is a transaction. Objects are the judged ones' direct controllers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "posture/analysis.h"
#include "posture/evaluate.h"

namespace posture {

struct Finding {
  std::uint32_t check = 0;
  State state = State::fail;
  std::uint32_t object = 0;   ///< index in Part::objects: the direct controller, or the judged object itself
  std::uint32_t seen_on = 0;  ///< index in Part::objects: the judged object
  std::uint32_t count = 1;    ///< judged objects that show it
  bool in_pod = false;
  std::string path;     ///< below the pod spec or the object
  std::string pointer;  ///< into the judged object
  std::string message;
  std::string observed;
  std::optional<std::uint32_t> gap;
  std::shared_ptr<const ManifestLocation> location;
};

class Part {
 public:
  explicit Part(std::size_t checks) : checks_(checks) {}

  std::uint32_t object(ObjectName name);
  void record(std::uint32_t object, std::uint32_t check, State state);
  /// Of findings with the same object, check and path the one seen on the smallest name stays, and counts.
  void add(Finding finding);

  const std::vector<ObjectName>& objects() const { return objects_; }
  std::optional<State> state(std::uint32_t object, std::uint32_t check) const;
  std::vector<Finding>& findings() { return findings_; }

  Facts facts;
  std::size_t objects_read = 0;
  std::size_t malformed = 0;
  std::string malformed_reason;

 private:
  static constexpr std::uint8_t kNone = 0xff;

  std::size_t checks_;
  std::vector<ObjectName> objects_;
  std::map<ObjectName, std::uint32_t> index_;
  std::vector<std::uint8_t> states_;  // objects × checks
  std::vector<Finding> findings_;
  std::unordered_map<std::string, std::size_t> finding_index_;
};

}  // namespace posture
