// SPDX-License-Identifier: Apache-2.0
#include "evaluate/assemble/owner_names.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

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

/// Each name once, as first met, with the smallest version it comes with.
class Found {
 public:
  std::uint32_t add(const ObjectName* name) {
    const auto [place, is_new] = indexes_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new)
      names_.push_back(name);
    else if (name->version < names_[place->second]->version)
      names_[place->second] = name;
    return place->second;
  }
  const Names& names() const { return names_; }

 private:
  std::unordered_map<const ObjectName*, std::uint32_t, HashOfNamed, SameName> indexes_;
  Names names_;
};

/// Indexes of `names` in the order of the names.
std::vector<std::uint32_t> order_of(const Names& names) {
  std::vector<std::uint32_t> order(names.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return *names[a] < *names[b]; });
  return order;
}

}  // namespace

OwnerNames name_owners(const Parts& parts, const Owners& owners, std::size_t threads) {
  std::vector<Names> tops(parts.size());
  for_each_index(parts.size(), threads, [&](std::size_t part) { tops[part] = tops_of(*parts[part], owners); });

  Found found;
  OwnerNames result;
  for (const Names& of_part : tops) {
    std::vector<std::uint32_t>& indexes = result.of.emplace_back();
    indexes.reserve(of_part.size());
    for (const ObjectName* top : of_part) indexes.push_back(top == nullptr ? kNoObject : found.add(top));
  }

  const std::vector<std::uint32_t> order = order_of(found.names());
  std::vector<std::uint32_t> places(order.size());
  result.names.reserve(order.size());
  for (const std::uint32_t index : order) {
    places[index] = static_cast<std::uint32_t>(result.names.size());
    result.names.push_back(*found.names()[index]);
  }
  for (std::vector<std::uint32_t>& indexes : result.of) {
    for (std::uint32_t& index : indexes) index = index == kNoObject ? kNoObject : places[index];
  }
  return result;
}

}  // namespace posture
