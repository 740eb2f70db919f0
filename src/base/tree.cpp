// SPDX-License-Identifier: Apache-2.0
#include "base/tree.h"

#include <unordered_map>

namespace posture {

std::uint64_t bit_of(std::string_view key) {
  if (key.empty()) return 1;
  const auto first = static_cast<unsigned char>(key.front());
  const auto middle = static_cast<unsigned char>(key[key.size() / 2]);
  return std::uint64_t{1} << ((first * 5U + middle * 3U + key.size()) % 64);
}

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
  const std::size_t kept = drop_duplicates(std::span(pending_).subspan(first));
  Node node;
  node.type = ValueType::map;
  node.size = static_cast<std::uint32_t>(kept);
  node.members = arena_.copy<Member>({pending_.data() + first, kept});
  pending_.resize(first);
  return node;
}

namespace {

constexpr std::size_t kFewKeys = 64;  // below this, comparing pairs is cheaper than a hash table

std::size_t drop_of_few(std::span<Member> members) {
  std::size_t kept = 0;
  std::uint64_t seen = 0;
  for (const Member& member : members) {
    const std::uint64_t bit = bit_of(member.key);
    std::size_t place = kept;
    if ((seen & bit) != 0) {
      for (place = 0; place < kept && members[place].key != member.key; ++place) {}
    }
    seen |= bit;
    if (&members[place] != &member) members[place] = member;
    if (place == kept) ++kept;
  }
  return kept;
}

std::size_t drop_of_many(std::span<Member> members) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (const Member& member : members) {
    const std::size_t place = places.try_emplace(member.key, places.size()).first->second;
    members[place] = member;
  }
  return places.size();
}

}  // namespace

std::size_t drop_duplicates(std::span<Member> members) {
  return members.size() > kFewKeys ? drop_of_many(members) : drop_of_few(members);
}

}  // namespace posture
