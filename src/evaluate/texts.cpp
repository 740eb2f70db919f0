// SPDX-License-Identifier: Apache-2.0
#include "evaluate/texts.h"

#include <functional>

#include "base/hash.h"

namespace posture {

std::string_view Texts::keep(std::string_view text) {
  const auto known = texts_.find(text);
  return known != texts_.end() ? *known : *texts_.insert(memory_->keep(text)).first;
}

const Words* Texts::keep(const Words& words) { return &*words_.insert(words).first; }

// Equal texts are the same bytes, so that where they are tells them apart.
std::size_t Texts::WordsHash::operator()(const Words& words) const {
  const std::hash<const void*> hash;
  return combined(hash(words.pointer.data()), hash(words.message.data()), hash(words.observed.data()),
                  hash(words.location.get()));
}

bool Texts::SameWords::operator()(const Words& a, const Words& b) const {
  return a.pointer.data() == b.pointer.data() && a.message.data() == b.message.data() &&
         a.observed.data() == b.observed.data() && a.location == b.location;
}

}  // namespace posture
