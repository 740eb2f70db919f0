// SPDX-License-Identifier: Apache-2.0
#include "base/tree.h"

#include <unordered_map>

namespace posture {

Node text_node(std::string_view text) {
  Node node;
  node.type = ValueType::string;
  node.size = static_cast<std::uint32_t>(text.size());
  node.text = text.data();
  return node;
}

Node integer_node(std::int64_t integer) {
  Node node;
  node.type = ValueType::integer;
  node.integer = integer;
  return node;
}

Node real_node(double real) {
  Node node;
  node.type = ValueType::real;
  node.real = real;
  return node;
}

Node boolean_node(bool boolean) {
  Node node;
  node.type = ValueType::boolean;
  node.boolean = boolean;
  return node;
}

Node TreeBuilder::close_list(std::size_t first) {
  Node node;
  node.type = ValueType::list;
  node.size = static_cast<std::uint32_t>(pending_.size() - first);
  node.elements = arena_.make_array<Node>(node.size);
  for (std::size_t i = 0; i < node.size; ++i) node.elements[i] = pending_[first + i].node;
  pending_.resize(first);
  return node;
}

Node TreeBuilder::close_map(std::size_t first) {
  drop_duplicates(first);
  Node node;
  node.type = ValueType::map;
  node.size = static_cast<std::uint32_t>(pending_.size() - first);
  node.members = arena_.copy<Member>({pending_.data() + first, node.size});
  pending_.resize(first);
  return node;
}

void TreeBuilder::drop_duplicates(std::size_t first) {
  constexpr std::size_t kFewKeys = 24;  // below this, comparing all pairs is cheaper than hashing
  std::size_t kept = first;
  std::unordered_map<std::string_view, std::size_t> places;
  const bool hashed = pending_.size() - first > kFewKeys;
  for (std::size_t i = first; i < pending_.size(); ++i) {
    std::size_t place = kept;
    if (hashed) {
      place = places.try_emplace(pending_[i].key, kept).first->second;
    } else {
      for (place = first; place < kept && pending_[place].key != pending_[i].key; ++place) {}
    }
    pending_[place] = pending_[i];
    if (place == kept) ++kept;
  }
  pending_.resize(kept);
}

}  // namespace posture
