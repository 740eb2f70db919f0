// SPDX-License-Identifier: Apache-2.0
// What findings say, each text once. One per worker; the parts that it fills share it.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <unordered_set>

#include "base/arena.h"
#include "posture/source.h"

namespace posture {

/// What a finding says, in texts of one Texts.
struct Words {
  std::string_view pointer;  ///< into the judged object
  std::string_view message;
  std::string_view observed;
  std::shared_ptr<const ManifestLocation> location;
};

/// Not thread-safe. What it gave lives as long as it does, the text as long as memory().
class Texts {
 public:
  std::string_view keep(std::string_view text);  ///< equal texts are the same bytes
  const Words* keep(const Words& words);  ///< in texts that keep() gave
  std::shared_ptr<Arena> memory() const { return memory_; }

 private:
  struct WordsHash {
    std::size_t operator()(const Words& words) const;
  };
  struct SameWords {
    bool operator()(const Words& a, const Words& b) const;
  };

  std::shared_ptr<Arena> memory_ = std::make_shared<Arena>();
  std::unordered_set<std::string_view> texts_;
  std::unordered_set<Words, WordsHash, SameWords> words_;
};

}  // namespace posture
