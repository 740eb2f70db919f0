// SPDX-License-Identifier: Apache-2.0
// What one worker found in one list, not yet visible: a list is a transaction. Objects are the judged ones' direct controllers.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "evaluate/texts.h"
#include "posture/analysis.h"
#include "posture/evaluate.h"

namespace posture {

/// Where a finding belongs; one per object, check and path.
struct FindingKey {
  std::uint32_t object = 0;  ///< index in Part::objects: the direct controller, or the judged object itself
  std::uint32_t check = 0;
  std::string_view path;  ///< below the pod spec or the object; of the Texts, so that equal ones are the same bytes
  friend bool operator==(const FindingKey& a, const FindingKey& b) {
    return a.object == b.object && a.check == b.check && a.path.data() == b.path.data();
  }
};

inline constexpr std::uint32_t kNoFinding = 0xffffffff;

struct Finding {
  FindingKey key;
  State state = State::fail;
  std::uint32_t seen_on = 0;  ///< index in Part::objects: the judged object
  std::uint32_t count = 1;  ///< judged objects that show it
  std::uint32_t gap = kNoObject;
  std::uint32_t older = kNoFinding;  ///< the one of the same object before it
  bool in_pod = false;
  const Words* words = nullptr;  ///< of the Texts
};

class Part {
 public:
  /// `texts`: of the worker that fills it.
  Part(std::size_t checks, std::shared_ptr<Texts> texts) : checks_(checks), texts_(std::move(texts)) {}

  std::uint32_t object(const ObjectName& name);
  const std::vector<const ObjectName*>& objects() const { return objects_; }
  bool is_judged(std::uint32_t object) const { return rows_[object] != kNoRow; }  ///< else it only shows a finding

  static constexpr std::uint8_t kNone = 0xff;
  void record(std::uint32_t object, std::uint32_t check, State state);
  /// By check, of a judged object: a State, or kNone.
  std::span<const std::uint8_t> states(std::uint32_t object) const {
    return {&states_[rows_[object] * checks_], checks_};
  }

  /// The judged object, which becomes one of objects() when it has to speak.
  struct Witness {
    const ObjectName& name;
    std::uint32_t index = kNoObject;  ///< for the Part to fill in
  };
  struct Sighting {
    std::uint32_t finding = 0;  ///< index in findings()
    Finding* speaker = nullptr;  ///< for the caller to fill in what was seen; nullptr: what was seen before speaks on
  };
  /// One more object shows what stands under `key`. For all that do speaks the worst state, then the smallest name.
  Sighting see(const FindingKey& key, State state, Witness& seen_on);
  /// As see() of each of these findings, in the states they were seen in before. False, and nothing is counted: `seen_on` may have to
  /// speak for one of them.
  bool see_again(std::span<const std::uint32_t> findings, const ObjectName& seen_on);
  const std::deque<Finding>& findings() const { return findings_; }

  std::shared_ptr<Arena> memory() const { return texts_->memory(); }  ///< of all text

  Facts facts;
  std::size_t objects_read = 0;
  std::size_t malformed = 0;
  std::string malformed_reason;

 private:
  static constexpr std::uint32_t kNoRow = 0xffffffff;
  static constexpr std::uint32_t kFew = 64;  // findings of one object that are looked through one by one
  struct KeyHash {
    std::size_t operator()(const FindingKey& key) const;
  };
  /// What one object shows, newest first.
  struct Chain {
    std::uint32_t newest = kNoFinding;
    std::uint32_t count = 0;
  };
  std::uint32_t find(const FindingKey& key) const;
  Finding& add(const FindingKey& key);
  std::uint32_t index_of(Witness& witness);

  std::size_t checks_;
  std::unordered_map<ObjectName, std::uint32_t, ObjectNameHash> index_;
  std::vector<const ObjectName*> objects_;
  std::vector<std::uint32_t> rows_;  // by object: its row of states_; witnesses have none
  std::vector<std::uint8_t> states_;  // rows × checks
  std::deque<Finding> findings_;  // grows without a moment of twice its size
  std::vector<Chain> chains_;  // by object
  std::unordered_map<FindingKey, std::uint32_t, KeyHash> index_of_many_;  // of objects with more than a few
  std::shared_ptr<Texts> texts_;
};

}  // namespace posture
