// SPDX-License-Identifier: Apache-2.0
// What a Datum holds: the tags of its payload, lists and maps built by an expression, and views that read them and JSON alike.
#pragma once

#include <string>

#include "base/arena.h"
#include "cel/value/map_index.h"
#include "posture/cel.h"

namespace posture::cel {

enum class Tag : std::uint8_t {
  null,
  boolean,
  integer,
  uinteger,
  real,
  string,
  bytes,
  list,
  map,
  json_list,
  json_map,
  timestamp,
  duration,
  type,
  none,
  some,
  opaque,
  error,
  unknown,
  absent  // absent: a key that is not there; never leaves the evaluator
};

/// Memory of a Scratch: an arena with a lid. What is asked for beyond the lid is refused, and `exhausted` stays set.
struct Scratch::Memory {
  explicit Memory(std::size_t block_bytes) : arena(block_bytes) {}
  Arena arena;
  std::size_t limit = kNoLimit;
  bool exhausted = false;
  MapIndex maps;  ///< of the values that went in
  static constexpr std::size_t kNoLimit = ~std::size_t{0};

  bool admits(std::size_t bytes) {
    exhausted = exhausted || bytes > limit || arena.bytes_used() > limit - bytes;
    return !exhausted;
  }
  /// `count` default values, or nullptr beyond the lid.
  template <typename T>
  T* array(std::size_t count) {
    if (count > limit / sizeof(T) || !admits(count * sizeof(T))) return nullptr;
    return arena.make_array<T>(count);
  }
  /// `count` bytes of undefined content, or nullptr beyond the lid.
  char* text(std::size_t count) { return admits(count) ? static_cast<char*>(arena.allocate(count + 1, 1)) : nullptr; }
};
using Memory = Scratch::Memory;

struct Entry {
  Datum key;
  Datum value;
};

/// A map made by an expression, in the order of making. Larger ones carry a hash index of entry numbers + 1.
struct MapBody {
  Entry* entries = nullptr;
  std::uint32_t size = 0;
  std::uint32_t mask = 0;
  std::uint32_t* buckets = nullptr;
};

/// Base of the values of Kubernetes' libraries (quantity, ip, …); `kind` tells which struct follows.
struct Opaque {
  TypeKind kind;
};

inline Tag tag_of(const Datum& datum) { return static_cast<Tag>(datum.payload.tag); }
inline bool is(const Datum& datum, Tag tag) { return tag_of(datum) == tag; }
inline bool is_error(const Datum& datum) { return is(datum, Tag::error) || is(datum, Tag::unknown); }
inline bool is_optional(const Datum& datum) { return is(datum, Tag::some) || is(datum, Tag::none); }
inline bool is_list(const Datum& datum) { return is(datum, Tag::list) || is(datum, Tag::json_list); }
inline bool is_map(const Datum& datum) { return is(datum, Tag::map) || is(datum, Tag::json_map); }
inline bool is_number(const Datum& datum) { return tag_of(datum) >= Tag::integer && tag_of(datum) <= Tag::real; }
inline bool is_bool(const Datum& datum) { return is(datum, Tag::boolean); }

inline Datum make_plain(Tag tag) {
  Datum datum{};
  datum.payload.tag = static_cast<std::uint8_t>(tag);
  return datum;
}
inline Datum make_pointing(Tag tag, const void* pointer, std::size_t size) {
  Datum datum = make_plain(tag);
  datum.payload.pointer = pointer;
  datum.payload.size = static_cast<std::uint32_t>(size);
  return datum;
}
inline Datum make_integral(Tag tag, std::int64_t value) {
  Datum datum = make_plain(tag);
  datum.payload.integer = value;
  return datum;
}
/// string, bytes, type, error, unknown: text that outlives the result.
inline Datum make_tagged(Tag tag, std::string_view text) { return make_pointing(tag, text.data(), text.size()); }
inline Datum make_absent() { return make_plain(Tag::absent); }
inline Datum make_bool(bool value) { return make_integral(Tag::boolean, value ? 1 : 0); }
Datum make_list(const Datum* elements, std::size_t size);
Datum make_map(const MapBody* body);
Datum make_duration(std::int64_t nanoseconds);
Datum make_timestamp(std::int64_t seconds, std::uint32_t nanoseconds);
Datum make_opaque(const Opaque* opaque);
inline Datum from_node(const Node* node) {
  switch (node->type) {
    case ValueType::boolean: return make_bool(node->boolean);
    case ValueType::integer: return make_integral(Tag::integer, node->integer);
    case ValueType::real: return Datum::real(node->real);
    case ValueType::string: return make_pointing(Tag::string, node->text, node->size);
    case ValueType::list: return make_pointing(Tag::json_list, node, node->size);
    case ValueType::map: return make_pointing(Tag::json_map, node, node->size);
    case ValueType::null: break;
  }
  return make_plain(Tag::null);
}

inline std::string_view text_of(const Datum& datum) { return {datum.payload.text, datum.payload.size}; }
inline std::int64_t int_of(const Datum& datum) { return datum.payload.integer; }
inline std::uint64_t uint_of(const Datum& datum) { return datum.payload.uinteger; }
inline double real_of(const Datum& datum) { return datum.payload.real; }
inline bool bool_of(const Datum& datum) { return datum.payload.integer != 0; }
inline const Datum& inner_of(const Datum& some) { return *static_cast<const Datum*>(some.payload.pointer); }
inline const Node& node_of(const Datum& json) { return *static_cast<const Node*>(json.payload.pointer); }
template <typename T>
const T& opaque_of(const Datum& datum) {
  return *static_cast<const T*>(static_cast<const Opaque*>(datum.payload.pointer));
}

/// Go panics when such a value is to be the key of a map that an expression makes, or is looked for in one.
inline bool is_unhashable(const Datum& key) {
  if (is(key, Tag::bytes)) return true;
  if (!is(key, Tag::opaque)) return false;
  const TypeKind kind = opaque_of<Opaque>(key).kind;
  return kind == TypeKind::semver || kind == TypeKind::format;
}

/// Name of the runtime type as `type(x)` prints it: `int`, `null_type`, `google.protobuf.Timestamp`, …
std::string_view type_name(const Datum& datum);
std::string_view type_name(TypeKind kind);

std::size_t list_size(const Datum& list);
Datum list_at(const Datum& list, std::size_t index);  ///< precondition: index < list_size
std::size_t map_size(const Datum& map);
Entry map_at(const Datum& map, std::size_t index);  ///< precondition: index < map_size
/// The value at `key` (numbers match across types), or absent.
Datum map_find(const Datum& map, const Datum& key);
/// The same, fast when a big map is asked often in one evaluation.
Datum map_find(Memory& memory, const Datum& map, const Datum& key);
Datum map_find(Memory& memory, const Datum& map, std::string_view key);

/// Builds a map entry by entry.
class MapBuilder {
 public:
  enum class Insertion : std::uint8_t { done, exists, no_memory };

  explicit MapBuilder(Memory& memory) : memory_(memory) {}
  Insertion insert(const Datum& key,
                   const Datum& value);  ///< refuses a key that is there, numbers compared across types
  bool assign(const Datum& key,
              const Datum& value);  ///< replaces a key of the same type; false beyond the memory limit
  void erase(const Datum& key);
  Datum finish();

 private:
  bool append(const Datum& key, const Datum& value);
  bool reindex();

  Memory& memory_;
  MapBody body_;
  std::uint32_t capacity_ = 0;
};

}  // namespace posture::cel
