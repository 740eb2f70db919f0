// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/json_scan.h"
#include "base/tree.h"
#include "posture/error.h"

namespace posture {

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);

namespace {

constexpr std::size_t kFirstCapacity = 64 * 1024;

using simdjson::dom::element;
using simdjson::dom::element_type;

bool is_parent(std::span<const JsonOmission> omitted, std::string_view name) {
  return std::any_of(omitted.begin(), omitted.end(), [&](const JsonOmission& each) { return each.parent == name; });
}

bool is_left_out(std::span<const JsonOmission> omitted, std::string_view parent, std::string_view key) {
  return std::any_of(omitted.begin(), omitted.end(),
                     [&](const JsonOmission& each) { return each.key == key && each.parent == parent; });
}

std::size_t parents(std::span<const JsonOmission> omitted) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < omitted.size(); ++i) count += i == 0 || omitted[i].parent != omitted[i - 1].parent;
  return count;
}

/// Copies simdjson's tape into nodes. Strings stay in the parser's own buffer, which lives until its next text.
class TapeWalk {
 public:
  explicit TapeWalk(Arena& arena) : arena_(arena) {}

  Node walk(element value) {
    switch (value.type()) {
      case element_type::OBJECT: return walk_map(value.get_object().value_unsafe());
      case element_type::ARRAY: return walk_list(value.get_array().value_unsafe());
      case element_type::STRING: return text_node(value.get_string().value_unsafe());
      case element_type::INT64: return integer_node(value.get_int64().value_unsafe());
      case element_type::UINT64: return real_node(static_cast<double>(value.get_uint64().value_unsafe()));
      case element_type::DOUBLE: return real_node(value.get_double().value_unsafe());
      case element_type::BOOL: return boolean_node(value.get_bool().value_unsafe());
      default: return {};
    }
  }

  Node walk_root(element root, std::span<const JsonOmission> omitted) {
    if (omitted.empty() || !root.is_object()) return walk(root);
    const auto walk_member = [&](std::string_view key, element value) {
      return value.is_object() && is_parent(omitted, key) ? walk_without(value, omitted, key) : walk(value);
    };
    return walk_members(root.get_object().value_unsafe(), [](std::string_view) { return true; }, walk_member);
  }

 private:
  /// simdjson counts up to a limit.
  template <typename Container>
  static std::size_t size_of(const Container& container) {
    constexpr std::size_t kCountedUpTo = 0xffffff;
    const std::size_t size = container.size();
    return size < kCountedUpTo ? size : static_cast<std::size_t>(std::distance(container.begin(), container.end()));
  }

  Node walk_map(simdjson::dom::object object) {
    return walk_members(
        object, [](std::string_view) { return true; }, [this](std::string_view, element value) { return walk(value); });
  }

  Node walk_without(element map, std::span<const JsonOmission> omitted, std::string_view parent) {
    return walk_members(
        map.get_object().value_unsafe(), [&](std::string_view key) { return !is_left_out(omitted, parent, key); },
        [this](std::string_view, element value) { return walk(value); });
  }

  /// The members whose keys `is_kept` wants, with what walk_value(key, value) makes of them.
  template <typename IsKept, typename WalkValue>
  Node walk_members(simdjson::dom::object object, const IsKept& is_kept, const WalkValue& walk_value) {
    Member* members = arena_.make_array<Member>(size_of(object));
    std::size_t count = 0;
    std::uint64_t seen = 0;
    bool may_repeat = false;  // a second look is seldom needed
    for (const auto field : object) {
      if (!is_kept(field.key)) continue;
      const std::uint64_t bit = bit_of(field.key);
      may_repeat = may_repeat || (seen & bit) != 0;
      seen |= bit;
      members[count++] = {field.key, walk_value(field.key, field.value)};
    }
    Node node;
    node.type = ValueType::map;
    node.size = static_cast<std::uint32_t>(may_repeat ? drop_duplicates({members, count}) : count);
    node.members = members;
    return node;
  }

  Node walk_list(simdjson::dom::array array) {
    Node node;
    node.type = ValueType::list;
    node.size = static_cast<std::uint32_t>(size_of(array));
    node.elements = arena_.make_array<Node>(node.size);
    Node* next = node.elements;
    for (const element value : array) *next++ = walk(value);
    return node;
  }

  Arena& arena_;
};

}  // namespace

struct JsonParser::Engine {
  simdjson::dom::parser parser;
};

JsonParser::JsonParser() : engine_(std::make_unique<Engine>()) {}
JsonParser::~JsonParser() = default;
JsonParser::JsonParser(JsonParser&&) noexcept = default;
JsonParser& JsonParser::operator=(JsonParser&&) noexcept = default;

/// `text` with null for the values that are left out.
std::string_view JsonParser::shortened(std::string_view text, std::span<const JsonOmission> omitted) {
  padded_.clear();
  const char* rest = text.data();  // what is not copied yet begins here
  std::size_t seen = 0;
  const std::size_t all = parents(omitted);
  for (JsonMembers root(text); seen < all && root.next();) {
    if (!is_parent(omitted, root.key())) continue;
    ++seen;
    JsonMembers members(root.from_value());
    while (members.next()) {
      if (!is_left_out(omitted, root.key(), members.key())) continue;
      const std::string_view value = members.value();
      padded_.append(rest, value.data()).append("null");
      rest = value.data() + value.size();
    }
    root.skip_value(members);
  }
  if (rest == text.data()) return text;
  padded_.append(rest, text.data() + text.size());
  const std::size_t size = padded_.size();
  padded_.append(kJsonPadding, '\0');
  return std::string_view(padded_).substr(0, size);
}

Node* JsonParser::parse(std::string_view text, std::span<const JsonOmission> omitted) {
  if (!omitted.empty()) text = shortened(text, omitted);
  arena_.reset();
  error_.clear();
  simdjson::dom::parser& parser = engine_->parser;
  simdjson::error_code error = simdjson::SUCCESS;
  if (parser.capacity() < text.size() || parser.max_depth() != kMaxJsonDepth) {
    error = parser.allocate(std::max(text.size(), kFirstCapacity), kMaxJsonDepth);
  }
  element root_element;
  if (error == simdjson::SUCCESS) error = parser.parse(text.data(), text.size(), false).get(root_element);
  if (error != simdjson::SUCCESS) {
    error_ = simdjson::error_message(error);
    return nullptr;
  }
  Node* root = arena_.make_array<Node>(1);
  *root = TapeWalk(arena_).walk_root(root_element, omitted);
  return root;
}

Node* JsonParser::parse_copy(std::string_view text) {
  padded_.assign(text);
  padded_.resize(text.size() + kJsonPadding);
  return parse(std::string_view(padded_).substr(0, text.size()));
}

JsonDocument::JsonDocument(std::string_view text, const std::string& where) {
  const Node* root = parser_.parse_copy(text);
  if (root == nullptr) throw Error(ErrorKind::input, where + " is not valid JSON: " + parser_.error(), where);
  root_ = Value(root);
}

namespace {

bool is_plain(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte >= 0x20 && byte != 0x7f && letter != '"' && letter != '\\';
}

bool is_all_plain(std::string_view text) {
  unsigned others = 0;  // a sum and no search: several letters at a time
  for (const char letter : text) others += is_plain(letter) ? 0U : 1U;
  return others == 0;
}

void write_escape(char letter, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(letter);
  switch (letter) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      out += "\\u00";
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
  }
}

}  // namespace

void write_json_string(std::string_view text, std::string& out) {
  out.push_back('"');
  if (is_all_plain(text)) {
    out.append(text);
    text = {};
  }
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    write_escape(text.front(), out);
    text.remove_prefix(1);
  }
  out.push_back('"');
}

namespace {

template <typename Number>
void write_number(Number number, std::string& out) {
  char digits[32];
  const auto [end, failure] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, failure == std::errc() ? end : digits);
}

void write_list(Value value, std::string& out) {
  out.push_back('[');
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i > 0) out.push_back(',');
    write_json(value.at(i), out);
  }
  out.push_back(']');
}

void write_map(Value value, std::string& out) {
  out.push_back('{');
  bool first = true;
  for (const Member& member : value.members()) {
    if (!first) out.push_back(',');
    first = false;
    write_json_string(member.key, out);
    out.push_back(':');
    write_json(Value(&member.node), out);
  }
  out.push_back('}');
}

}  // namespace

void write_json(Value value, std::string& out) {
  switch (value.type()) {
    case ValueType::null: out += "null"; break;
    case ValueType::boolean: out += value.boolean() ? "true" : "false"; break;
    case ValueType::integer: write_number(value.integer(), out); break;
    case ValueType::real: write_number(value.real(), out); break;
    case ValueType::string: write_json_string(value.text(), out); break;
    case ValueType::list: write_list(value, out); break;
    case ValueType::map: write_map(value, out); break;
  }
}

}  // namespace posture
