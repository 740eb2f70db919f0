// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "base/tree.h"
#include "posture/error.h"

namespace posture {

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);

namespace {

constexpr std::size_t kFirstCapacity = 64 * 1024;

/// Copies simdjson's tape into nodes. Strings stay in the parser's own buffer, which lives until its next text.
class TapeWalk {
 public:
  explicit TapeWalk(Arena& arena) : tree_(arena) {}

  Node walk(simdjson::dom::element element) {
    using simdjson::dom::element_type;
    switch (element.type()) {
      case element_type::OBJECT: return walk_map(element.get_object().value_unsafe());
      case element_type::ARRAY: return walk_list(element.get_array().value_unsafe());
      case element_type::STRING: return text_node(element.get_string().value_unsafe());
      case element_type::INT64: return integer_node(element.get_int64().value_unsafe());
      case element_type::UINT64: return real_node(static_cast<double>(element.get_uint64().value_unsafe()));
      case element_type::DOUBLE: return real_node(element.get_double().value_unsafe());
      case element_type::BOOL: return boolean_node(element.get_bool().value_unsafe());
      default: return {};
    }
  }

 private:
  Node walk_map(simdjson::dom::object object) {
    const std::size_t first = tree_.open();
    for (const auto field : object) tree_.add({field.key, walk(field.value)});
    return tree_.close_map(first);
  }

  Node walk_list(simdjson::dom::array array) {
    const std::size_t first = tree_.open();
    for (const auto element : array) tree_.add({{}, walk(element)});
    return tree_.close_list(first);
  }

  TreeBuilder tree_;
};

}  // namespace

struct JsonParser::Engine {
  simdjson::dom::parser parser;
};

JsonParser::JsonParser() : engine_(std::make_unique<Engine>()) {}
JsonParser::~JsonParser() = default;
JsonParser::JsonParser(JsonParser&&) noexcept = default;
JsonParser& JsonParser::operator=(JsonParser&&) noexcept = default;

Node* JsonParser::parse(std::string_view text) {
  arena_.reset();
  error_.clear();
  simdjson::dom::parser& parser = engine_->parser;
  simdjson::error_code error = simdjson::SUCCESS;
  if (parser.capacity() < text.size() || parser.max_depth() != kMaxJsonDepth) {
    error = parser.allocate(std::max(text.size(), kFirstCapacity), kMaxJsonDepth);
  }
  simdjson::dom::element element;
  if (error == simdjson::SUCCESS) error = parser.parse(text.data(), text.size(), false).get(element);
  if (error != simdjson::SUCCESS) {
    error_ = simdjson::error_message(error);
    return nullptr;
  }
  Node* root = arena_.make_array<Node>(1);
  *root = TapeWalk(arena_).walk(element);
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

void write_json_string(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    switch (letter) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (byte >= 0x20 && byte != 0x7f) {
          out.push_back(letter);
        } else {
          out += "\\u00";
          out.push_back(kHex[byte >> 4]);
          out.push_back(kHex[byte & 15]);
        }
    }
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
