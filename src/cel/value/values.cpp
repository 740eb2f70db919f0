// SPDX-License-Identifier: Apache-2.0
#include "cel/value/values.h"

#include <algorithm>
#include <array>

#include "cel/value/compare.h"

namespace posture::cel {
namespace {

constexpr std::uint32_t kIndexFrom = 9;  // smaller maps are faster without an index

const MapBody& body_of(const Datum& map) { return *static_cast<const MapBody*>(map.payload.pointer); }

void place(MapBody& body, std::uint32_t number) {
  std::uint32_t slot = static_cast<std::uint32_t>(hash(body.entries[number].key)) & body.mask;
  while (body.buckets[slot] != 0) slot = (slot + 1) & body.mask;
  body.buckets[slot] = number + 1;
}

// Go's maps know a list or map only as the very same one, and an optional with a value not at all.
bool is_same_key(const Datum& left, const Datum& right) {
  if (is(right, Tag::some)) return false;
  if (is_list(right) || is_map(right))
    return left.payload.tag == right.payload.tag && left.payload.pointer == right.payload.pointer &&
           left.payload.zone == right.payload.zone;
  std::uint64_t visits = 4;  // the others are scalars
  return equal(left, right, visits);
}

// Keeps the best match seen: a key of the same type, else the first equal number of another type.
struct Search {
  const Datum& key;
  Entry* found = nullptr;
  bool done(Entry& entry) {
    if (!is_same_key(entry.key, key)) return false;
    const bool exact = entry.key.payload.tag == key.payload.tag;
    if (found == nullptr || exact) found = &entry;
    return exact;
  }
};

Entry* find_entry(const MapBody& body, const Datum& key) {
  Search search{key};
  if (body.buckets == nullptr) {
    for (std::uint32_t i = 0; i < body.size; ++i) {
      if (search.done(body.entries[i])) break;
    }
    return search.found;
  }
  for (std::uint32_t slot = static_cast<std::uint32_t>(hash(key)) & body.mask; body.buckets[slot] != 0;
       slot = (slot + 1) & body.mask) {
    if (search.done(body.entries[body.buckets[slot] - 1])) break;
  }
  return search.found;
}

}  // namespace

Datum make_list(const Datum* elements, std::size_t size) { return make_pointing(Tag::list, elements, size); }
Datum make_map(const MapBody* body) { return make_pointing(Tag::map, body, body->size); }
Datum make_opaque(const Opaque* opaque) { return make_pointing(Tag::opaque, opaque, 0); }
Datum make_duration(std::int64_t nanoseconds) { return make_integral(Tag::duration, nanoseconds); }

Datum make_timestamp(std::int64_t seconds, std::uint32_t nanoseconds) {
  Datum datum = make_integral(Tag::timestamp, seconds);
  datum.payload.size = nanoseconds;
  return datum;
}

std::string_view type_name(TypeKind kind) {
  static constexpr std::array<std::string_view, 26> kNames = {"dyn",
                                                              "null_type",
                                                              "bool",
                                                              "int",
                                                              "uint",
                                                              "double",
                                                              "string",
                                                              "bytes",
                                                              "list",
                                                              "map",
                                                              "google.protobuf.Timestamp",
                                                              "google.protobuf.Duration",
                                                              "type",
                                                              "optional_type",
                                                              "kubernetes.Quantity",
                                                              "error",
                                                              "net.IP",
                                                              "net.CIDR",
                                                              "kubernetes.URL",
                                                              "kubernetes.Semver",
                                                              "kubernetes.NamedFormat",
                                                              "kubernetes.authorization.Authorizer",
                                                              "kubernetes.authorization.PathCheck",
                                                              "kubernetes.authorization.GroupCheck",
                                                              "kubernetes.authorization.ResourceCheck",
                                                              "kubernetes.authorization.Decision"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view type_name(const Datum& datum) { return type_name(datum.kind()); }

std::size_t list_size(const Datum& list) { return list.payload.size; }

Datum list_at(const Datum& list, std::size_t at) {
  if (is(list, Tag::json_list)) return from_node(node_of(list).elements + at);
  return static_cast<const Datum*>(list.payload.pointer)[at];
}

std::size_t map_size(const Datum& map) { return map.payload.size; }

Entry map_at(const Datum& map, std::size_t at) {
  if (is(map, Tag::map)) return body_of(map).entries[at];
  const Member& member = node_of(map).members[at];
  return {make_tagged(Tag::string, member.key), from_node(&member.node)};
}

namespace {

Datum value_of(const Member* member) { return member == nullptr ? make_absent() : from_node(&member->node); }

}  // namespace

Datum map_find(const Datum& map, const Datum& key) {
  if (is(map, Tag::json_map))
    return is(key, Tag::string) ? value_of(find_member(node_of(map), text_of(key))) : make_absent();
  const Entry* entry = find_entry(body_of(map), key);
  return entry == nullptr ? make_absent() : entry->value;
}

Datum map_find(Memory& memory, const Datum& map, const Datum& key) {
  const bool by_text = is(map, Tag::json_map) && is(key, Tag::string);
  return by_text ? map_find(memory, map, text_of(key)) : map_find(map, key);
}

Datum map_find(Memory& memory, const Datum& map, std::string_view key) {
  if (is(map, Tag::map)) return map_find(map, make_tagged(Tag::string, key));
  return value_of(memory.maps.find(node_of(map), key));
}

bool MapBuilder::reindex() {
  std::uint32_t slots = 32;
  while (slots < capacity_ * 2) slots *= 2;
  body_.buckets = memory_.array<std::uint32_t>(slots);
  if (body_.buckets == nullptr) return false;
  body_.mask = slots - 1;
  for (std::uint32_t i = 0; i < body_.size; ++i) place(body_, i);
  return true;
}

bool MapBuilder::append(const Datum& key, const Datum& value) {
  if (body_.size == capacity_) {
    const std::uint32_t capacity = std::max<std::uint32_t>(kIndexFrom - 1, capacity_ * 2);
    Entry* grown = memory_.array<Entry>(capacity);
    if (grown == nullptr) return false;
    std::copy_n(body_.entries, body_.size, grown);
    body_.entries = grown;
    capacity_ = capacity;
    if (capacity >= kIndexFrom && !reindex()) return false;
  }
  body_.entries[body_.size++] = {key, value};
  if (body_.buckets != nullptr) place(body_, body_.size - 1);
  return true;
}

MapBuilder::Insertion MapBuilder::insert(const Datum& key, const Datum& value) {
  if (find_entry(body_, key) != nullptr) return Insertion::exists;
  return append(key, value) ? Insertion::done : Insertion::no_memory;
}

bool MapBuilder::assign(const Datum& key, const Datum& value) {
  Entry* entry = find_entry(body_, key);
  if (entry == nullptr || entry->key.payload.tag != key.payload.tag) return append(key, value);
  entry->value = value;
  return true;
}

void MapBuilder::erase(const Datum& key) {
  Entry* entry = find_entry(body_, key);
  if (entry == nullptr || entry->key.payload.tag != key.payload.tag) return;
  std::copy(entry + 1, body_.entries + body_.size, entry);
  --body_.size;
  if (body_.buckets != nullptr) reindex();
}

Datum MapBuilder::finish() {
  MapBody* body = memory_.array<MapBody>(1);
  if (body == nullptr) return Datum::error("memory limit exceeded");
  *body = body_;
  return make_map(body);
}

}  // namespace posture::cel
