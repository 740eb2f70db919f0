// SPDX-License-Identifier: Apache-2.0
#include "evaluate/template_memo.h"

#include <cstring>

#include "evaluate/elements.h"

namespace posture {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20U;  // per list of checks; then it starts afresh

using Length = std::uint32_t;

/// What the key says of a member's string.
std::string_view key_text(const Member& member) {
  const std::string_view text = Value(&member.node).text();
  return member.key == "name" ? without_token_suffix(text) : text;
}

std::size_t text_bytes(std::string_view text) { return sizeof(Length) + text.size(); }

/// Of what write() writes.
std::size_t bytes_of(const Node& node) {
  std::size_t bytes = 1;
  switch (node.type) {
    case ValueType::null: break;
    case ValueType::boolean: ++bytes; break;
    case ValueType::integer:
    case ValueType::real: bytes += sizeof node.integer; break;
    case ValueType::string: bytes += text_bytes(Value(&node).text()); break;
    case ValueType::list:
      bytes += sizeof node.size;
      for (const Node& element : Value(&node).elements()) bytes += bytes_of(element);
      break;
    case ValueType::map:
      bytes += sizeof node.size;
      for (const Member& member : Value(&node).members()) {
        bytes += text_bytes(member.key);
        bytes += member.node.type == ValueType::string ? 1 + text_bytes(key_text(member)) : bytes_of(member.node);
      }
  }
  return bytes;
}

template <typename Number>
char* write_number(Number number, char* out) {
  std::memcpy(out, &number, sizeof number);
  return out + sizeof number;
}

char* write_text(std::string_view text, char* out) {
  out = write_number(static_cast<Length>(text.size()), out);
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

/// No two different values give the same bytes. Behind the last one.
char* write(const Node& node, char* out) {
  *out++ = static_cast<char>(node.type);
  switch (node.type) {
    case ValueType::null: return out;
    case ValueType::boolean: *out++ = node.boolean ? '1' : '0'; return out;
    case ValueType::integer:
    case ValueType::real: return write_number(node.integer, out);
    case ValueType::string: return write_text(Value(&node).text(), out);
    case ValueType::list:
      out = write_number(node.size, out);
      for (const Node& element : Value(&node).elements()) out = write(element, out);
      return out;
    case ValueType::map:
      out = write_number(node.size, out);
      for (const Member& member : Value(&node).members()) {
        out = write_text(member.key, out);
        if (member.node.type == ValueType::string) {
          *out++ = static_cast<char>(ValueType::string);
          out = write_text(key_text(member), out);
        } else {
          out = write(member.node, out);
        }
      }
  }
  return out;
}

}  // namespace

TemplateMemo::Group& TemplateMemo::group(const std::vector<const CompiledCheck*>& checks) {
  const auto [place, is_new] = groups_.try_emplace(&checks);
  if (is_new) {
    for (const CompiledCheck* check : checks) {
      if (check->spec_fields) place->second.fields.insert(check->spec_fields->begin(), check->spec_fields->end());
    }
  }
  return place->second;
}

TemplateMemo::Entry& TemplateMemo::recall(const std::vector<const CompiledCheck*>& checks, Value spec) {
  Group& group = this->group(checks);
  std::size_t bytes = group.fields.size();
  for (const std::string& field : group.fields) {
    if (const Value value = spec[field]; value.present()) bytes += bytes_of(*value.node());
  }
  key_.resize(bytes);
  char* out = key_.data();
  for (const std::string& field : group.fields) {
    const Value value = spec[field];
    *out++ = value.present() ? '1' : '0';
    if (value.present()) out = write(*value.node(), out);
  }
  const auto known = group.known.find(key_);
  if (known != group.known.end()) return known->second;
  bytes += checks.size();
  if (group.bytes + bytes > kMostBytes) {
    group.known.clear();
    group.bytes = 0;
  }
  group.bytes += bytes;
  return group.known.emplace(key_, Entry{++last_id_, std::vector<std::uint8_t>(checks.size(), kUnknown), {}})
      .first->second;
}

}  // namespace posture
