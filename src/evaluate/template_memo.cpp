// SPDX-License-Identifier: Apache-2.0
#include "evaluate/template_memo.h"

#include <cstring>

#include "evaluate/elements.h"

namespace posture {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20U;  // per list of checks; then it starts afresh

/// Writes keys one after another into the same bytes, which grow to the longest.
class KeyWriter {
 public:
  explicit KeyWriter(std::string& bytes) : bytes_(bytes) {}

  void put(const void* data, std::size_t size) {
    if (bytes_.size() - used_ < size) bytes_.resize(2 * (used_ + size));
    if (size > 0) std::memcpy(bytes_.data() + used_, data, size);
    used_ += size;
  }
  std::string_view key() const { return std::string_view(bytes_).substr(0, used_); }

 private:
  std::string& bytes_;
  std::size_t used_ = 0;
};

template <typename Number>
void write_number(Number number, KeyWriter& out) {
  out.put(&number, sizeof number);
}

void write_text(std::string_view text, KeyWriter& out) {
  write_number(static_cast<std::uint32_t>(text.size()), out);
  out.put(text.data(), text.size());
}

/// No two different values give the same bytes.
void write(const Node& node, KeyWriter& out) {
  write_number(static_cast<char>(node.type), out);
  switch (node.type) {
    case ValueType::null: return;
    case ValueType::boolean: return write_number(node.boolean ? '1' : '0', out);
    case ValueType::integer:
    case ValueType::real: return write_number(node.integer, out);
    case ValueType::string: return write_text(Value(&node).text(), out);
    case ValueType::list:
      write_number(node.size, out);
      for (const Node& element : Value(&node).elements()) write(element, out);
      return;
    case ValueType::map:
      write_number(node.size, out);
      for (const Member& member : Value(&node).members()) {
        write_text(member.key, out);
        if (member.key == "name" && member.node.type == ValueType::string) {
          write_number(static_cast<char>(ValueType::string), out);
          write_text(without_token_suffix(Value(&member.node).text()), out);
        } else {
          write(member.node, out);
        }
      }
  }
}

void write_fields(const std::set<std::string>& fields, Value spec, KeyWriter& out) {
  for (const std::string& field : fields) {
    const Value value = spec[field];
    write_number(value.present() ? '1' : '0', out);
    if (value.present()) write(*value.node(), out);
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
  KeyWriter writer(bytes_);
  write_fields(group.fields, spec, writer);
  const std::string_view key = writer.key();
  const auto known = group.known.find(key);
  if (known != group.known.end()) return known->second;
  const std::size_t bytes = key.size() + checks.size();
  if (group.bytes + bytes > kMostBytes) {
    group.known.clear();
    group.bytes = 0;
  }
  group.bytes += bytes;
  return group.known.emplace(key, Entry{++last_id_, std::vector<std::uint8_t>(checks.size(), kUnknown), {}})
      .first->second;
}

}  // namespace posture
