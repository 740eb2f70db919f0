// SPDX-License-Identifier: Apache-2.0
#include "evaluate/template_memo.h"

#include "evaluate/elements.h"

namespace posture {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20U;  // per list of checks; then it starts afresh

template <typename Number>
void append_bytes(Number number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_text(std::string_view text, std::string& out) {
  append_bytes(static_cast<std::uint32_t>(text.size()), out);
  out.append(text);
}

/// No two different values give the same bytes.
void append(const Node& node, std::string& out) {
  out.push_back(static_cast<char>(node.type));
  const Value value(&node);
  switch (node.type) {
    case ValueType::null: return;
    case ValueType::boolean: return out.push_back(node.boolean ? '1' : '0');
    case ValueType::integer:
    case ValueType::real: return append_bytes(node.integer, out);
    case ValueType::string: return append_text(value.text(), out);
    case ValueType::list:
      append_bytes(node.size, out);
      for (const Node& element : value.elements()) append(element, out);
      return;
    case ValueType::map:
      append_bytes(node.size, out);
      for (const Member& member : value.members()) {
        append_text(member.key, out);
        if (member.key == "name" && Value(&member.node).is_string()) {
          append_text(without_token_suffix(Value(&member.node).text()), out);
        } else {
          append(member.node, out);
        }
      }
  }
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
  key_.clear();
  for (const std::string& field : group.fields) {
    const Value value = spec[field];
    key_.push_back(value.present() ? '1' : '0');
    if (value.present()) append(*value.node(), key_);
  }
  const auto known = group.known.find(key_);
  if (known != group.known.end()) return known->second;
  const std::size_t bytes = key_.size() + checks.size();
  if (group.bytes + bytes > kMostBytes) {
    group.known.clear();
    group.bytes = 0;
  }
  group.bytes += bytes;
  return group.known.emplace(key_, Entry{++last_id_, std::vector<std::uint8_t>(checks.size(), kUnknown), {}})
      .first->second;
}

}  // namespace posture
