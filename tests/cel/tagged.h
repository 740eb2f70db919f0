// SPDX-License-Identifier: Apache-2.0
// Values of test data: tagged JSON ({"int":"1"}, {"list":[…]}, …) to Datum, and both to one canonical text for comparing.
#pragma once

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cel/value/json_text.h"
#include "cel/value/text.h"
#include "cel/value/values.h"

namespace posture::cel::test {

using Json = nlohmann::ordered_json;

inline std::string join(std::vector<std::string> parts, bool sorted) {
  if (sorted) std::sort(parts.begin(), parts.end());
  std::string text;
  for (const std::string& part : parts) text += part + ";";
  return text;
}

inline std::string canonical_real(double value) {
  if (std::isnan(value)) return "double NaN";
  return "double " + (value == 0 ? std::string(std::signbit(value) ? "-0" : "0") : format_real(value));
}

inline std::string decode_base64(const std::string& text) {
  static const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(kDigits.find(c));
    count += 6;
    if (count >= 8) out += static_cast<char>(bits >> (count -= 8) & 255);
  }
  return out;
}

/// An entry of a map; what a key that is NaN stands for cannot be read in cel-go.
inline std::string canonical_entry(const std::string& key, const std::string& value) {
  return key + ":" + (key == canonical_real(std::nan("")) ? "" : value);
}

inline std::string canonical(const Datum& datum) {
  std::vector<std::string> parts;
  switch (tag_of(datum)) {
    case Tag::null: return "null";
    case Tag::boolean: return bool_of(datum) ? "true" : "false";
    case Tag::integer: return "int " + std::to_string(int_of(datum));
    case Tag::uinteger: return "uint " + std::to_string(uint_of(datum));
    case Tag::real: return canonical_real(real_of(datum));
    case Tag::string: return "string '" + std::string(text_of(datum)) + "'";
    case Tag::bytes: return "bytes '" + std::string(text_of(datum)) + "'";
    case Tag::type: return "type " + std::string(text_of(datum));
    case Tag::timestamp: return "timestamp " + std::to_string(int_of(datum)) + "." + std::to_string(datum.payload.size);
    case Tag::duration: return "duration " + std::to_string(int_of(datum));
    case Tag::none: return "none";
    case Tag::some: return "optional(" + canonical(inner_of(datum)) + ")";
    case Tag::list:
    case Tag::json_list:
      for (std::size_t i = 0; i < list_size(datum); ++i) parts.push_back(canonical(list_at(datum, i)));
      return "list[" + join(parts, false) + "]";
    case Tag::map:
    case Tag::json_map:
      for (std::size_t i = 0; i < map_size(datum); ++i) {
        parts.push_back(canonical_entry(canonical(map_at(datum, i).key), canonical(map_at(datum, i).value)));
      }
      return "map{" + join(parts, true) + "}";
    case Tag::opaque: return "object " + std::string(type_name(datum));
    default: return display(datum);
  }
}

inline double real_from(const std::string& text) {
  double value = 0;
  if (!parse_go_real(text, value)) throw std::runtime_error("no double: " + text);
  return value;
}

inline Datum from_tagged(const Json& tagged, Scratch& scratch) {
  const std::string tag = tagged.begin().key();
  const Json& value = tagged.begin().value();
  Memory& memory = scratch.memory();
  if (tag == "null") return Datum::null();
  if (tag == "bool") return Datum::boolean(value.get<bool>());
  if (tag == "int") return Datum::integer(std::stoll(value.get<std::string>()));
  if (tag == "uint") return Datum::uinteger(std::stoull(value.get<std::string>()));
  if (tag == "double") return Datum::real(real_from(value.get<std::string>()));
  if (tag == "string") return keep_string(memory, value.get<std::string>());
  if (tag == "bytes") return keep_bytes(memory, decode_base64(value.get<std::string>()));
  if (tag == "type") return make_tagged(Tag::type, scratch.keep(value.get<std::string>()));
  if (tag == "timestamp" || tag == "duration") {
    const std::int64_t seconds = std::stoll(value["s"].get<std::string>());
    const std::int64_t nanos =
        value["n"].is_string() ? std::stoll(value["n"].get<std::string>()) : value["n"].get<std::int64_t>();
    if (tag == "timestamp") return make_timestamp(seconds, static_cast<std::uint32_t>(nanos));
    return make_duration(seconds * 1'000'000'000 + nanos);
  }
  if (tag == "list") {
    Datum* items = memory.array<Datum>(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) items[i] = from_tagged(value[i], scratch);
    return make_list(items, value.size());
  }
  if (tag != "map") throw std::runtime_error("unknown tag " + tag);
  MapBuilder builder(memory);
  for (const Json& entry : value) builder.assign(from_tagged(entry[0], scratch), from_tagged(entry[1], scratch));
  return builder.finish();
}

/// The canonical text of a tagged value as `testcluster cel` writes them: with optionals and Kubernetes' own types.
inline std::string canonical_tagged(const Json& tagged, Scratch& scratch) {
  const std::string tag = tagged.begin().key();
  const Json& value = tagged.begin().value();
  std::vector<std::string> parts;
  if (tag == "optional") return value.is_null() ? "none" : "optional(" + canonical_tagged(value, scratch) + ")";
  if (tag == "object") return "object " + value["type"].get<std::string>();
  if (tag == "list") {
    for (const Json& item : value) parts.push_back(canonical_tagged(item, scratch));
    return "list[" + join(parts, false) + "]";
  }
  if (tag != "map") return canonical(from_tagged(tagged, scratch));
  for (const Json& entry : value) {
    parts.push_back(canonical_entry(canonical_tagged(entry[0], scratch), canonical_tagged(entry[1], scratch)));
  }
  return "map{" + join(parts, true) + "}";
}

/// Plain JSON as a parsed object would be.
inline Node to_node(const Json& json, Arena& arena) {
  Node node;
  if (json.is_boolean()) {
    node.type = ValueType::boolean;
    node.boolean = json.get<bool>();
  } else if (json.is_number_integer() && !(json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)) {
    node.type = ValueType::integer;
    node.integer = json.get<std::int64_t>();
  } else if (json.is_number()) {
    node.type = ValueType::real;
    node.real = json.get<double>();
  } else if (json.is_string()) {
    const std::string_view text = arena.keep(json.get_ref<const std::string&>());
    node.type = ValueType::string;
    node.text = text.data();
    node.size = static_cast<std::uint32_t>(text.size());
  } else if (json.is_array()) {
    node.type = ValueType::list;
    node.size = static_cast<std::uint32_t>(json.size());
    node.elements = arena.make_array<Node>(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) node.elements[i] = to_node(json[i], arena);
  } else if (json.is_object()) {
    node.type = ValueType::map;
    node.size = static_cast<std::uint32_t>(json.size());
    node.members = arena.make_array<Member>(json.size());
    Member* member = node.members;
    for (const auto& [key, value] : json.items()) *member++ = {arena.keep(key), to_node(value, arena)};
  }
  return node;
}

}  // namespace posture::cel::test
