// SPDX-License-Identifier: Apache-2.0
#include "evaluate/assemble/owner_names.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "base/parallel.h"

namespace posture {

namespace {

using Names = std::vector<const ObjectName*>;

struct HashOfNamed {
  std::size_t operator()(const ObjectName* name) const { return ObjectNameHash()(*name); }
};
struct SameName {
  bool operator()(const ObjectName* a, const ObjectName* b) const { return *a == *b; }
};

/// nullptr for objects that were not judged.
Names tops_of(const Part& part, const Owners& owners) {
  Names tops;
  tops.reserve(part.objects().size());
  for (std::uint32_t object = 0; object < part.objects().size(); ++object) {
    tops.push_back(part.is_judged(object) ? &owners.top(*part.objects()[object]) : nullptr);
  }
  return tops;
}

}  // namespace

OwnerNames name_owners(const Parts& parts, const Owners& owners, std::size_t threads) {
  std::vector<Names> tops(parts.size());
  for_each_index(parts.size(), threads, [&](std::size_t part) { tops[part] = tops_of(*parts[part], owners); });

  OwnerNames result;
  std::unordered_map<const ObjectName*, std::uint32_t, HashOfNamed, SameName> found;
  Names unsorted;  // of each the one with the smallest version
  for (const Names& of_part : tops) {
    std::vector<std::uint32_t>& indexes = result.of.emplace_back(of_part.size(), kNoObject);
    for (std::size_t object = 0; object < of_part.size(); ++object) {
      const ObjectName* top = of_part[object];
      if (top == nullptr) continue;
      const auto [place, is_new] = found.try_emplace(top, static_cast<std::uint32_t>(unsorted.size()));
      indexes[object] = place->second;
      if (is_new)
        unsorted.push_back(top);
      else if (top->version < unsorted[place->second]->version)
        unsorted[place->second] = top;
    }
  }

  std::vector<std::uint32_t> order(unsorted.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return *unsorted[a] < *unsorted[b]; });
  std::vector<std::uint32_t> rank(order.size());
  result.names.reserve(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    result.names.push_back(*unsorted[order[i]]);
  }
  for (std::vector<std::uint32_t>& indexes : result.of) {
    for (std::uint32_t& index : indexes) index = index == kNoObject ? kNoObject : rank[index];
  }
  return result;
}

}  // namespace posture
