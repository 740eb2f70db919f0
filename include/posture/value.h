// SPDX-License-Identifier: Apache-2.0
// The one value view: JSON-shaped data that somebody else owns. CEL, inventory and reports know nothing else,
// and cannot tell whether it was parsed from JSON (an item of a list page), YAML (a manifest) or built (a fact).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace posture {

enum class ValueType : std::uint8_t { null, boolean, integer, real, string, list, map };

struct Member;

/// One node of a parsed tree, 16 bytes, owned by an Arena. Integers are those that fit int64; every other number is a real.
/// Text is UTF-8. Map members keep document order; keys are unique (of duplicate keys the last wins, at parse time).
struct Node {
  ValueType type = ValueType::null;
  std::uint32_t size = 0;  ///< bytes of text, elements of a list, members of a map
  union {
    bool boolean;
    std::int64_t integer = 0;
    double real;
    const char* text;
    Node* elements;
    Member* members;
  };
};

struct Member {
  std::string_view key;
  Node node;
};

/// A borrowed, nullable reference to a Node: two states beyond JSON's own, "absent" (no node) and present.
/// Trivially copyable. Valid as long as the arena behind it is neither reset nor destroyed. Reading from several threads is
/// safe. Accessors of the wrong type answer a neutral value (absent, empty, 0, false), never fail.
class Value {
 public:
  Value() = default;
  explicit Value(const Node* node) : node_(node) {}

  bool present() const { return node_ != nullptr; }
  ValueType type() const { return node_ != nullptr ? node_->type : ValueType::null; }
  bool is(ValueType type) const { return node_ != nullptr && node_->type == type; }
  bool is_null() const { return is(ValueType::null); }
  bool is_string() const { return is(ValueType::string); }
  bool is_list() const { return is(ValueType::list); }
  bool is_map() const { return is(ValueType::map); }

  bool boolean() const { return is(ValueType::boolean) && node_->boolean; }
  std::int64_t integer() const { return is(ValueType::integer) ? node_->integer : 0; }
  double real() const { return is(ValueType::real) ? node_->real : static_cast<double>(integer()); }
  std::string_view text() const {
    return is_string() ? std::string_view(node_->text, node_->size) : std::string_view();
  }

  /// Elements of a list or members of a map; 0 for anything else.
  std::size_t size() const { return is_list() || is_map() ? node_->size : 0; }
  std::span<const Node> elements() const {
    return is_list() ? std::span<const Node>(node_->elements, node_->size) : std::span<const Node>();
  }
  std::span<const Member> members() const {
    return is_map() ? std::span<const Member>(node_->members, node_->size) : std::span<const Member>();
  }
  /// The element at `index`, absent when out of range or not a list.
  Value at(std::size_t index) const {
    return is_list() && index < node_->size ? Value(node_->elements + index) : Value();
  }
  /// The member named `key`, absent when missing or not a map. Linear in the number of members.
  Value operator[](std::string_view key) const {
    for (const Member& member : members()) {
      if (member.key == key) return Value(&member.node);
    }
    return {};
  }
  const Node* node() const { return node_; }

 private:
  const Node* node_ = nullptr;
};

}  // namespace posture
