// SPDX-License-Identifier: Apache-2.0
#include "source/files/expand.h"

#include "base/json.h"

namespace posture {

namespace {

/// Copies a document as JSON the way an API server would decode it, and notes the line of every map and list.
class Normalizer {
 public:
  Normalizer(const YamlDocument& document, ManifestLocation& location) : document_(document), location_(location) {}

  std::string run(Value root) {
    write(root, "", false);
    return std::move(out_);
  }

 private:
  void write(Value value, const std::string& pointer, bool is_quantity) {
    if (value.is_map() || value.is_list()) location_.lines.emplace(pointer, document_.mark(value).line);
    if (value.is_map()) return write_map(value, pointer, is_quantity);
    if (value.is_list()) return write_list(value, pointer);
    if (is_quantity && (value.is(ValueType::integer) || value.is(ValueType::real))) {
      std::string number;
      write_json(value, number);
      return write_json_string(number, out_);
    }
    write_json(value, out_);
  }

  /// Null members are dropped: to the API they are absent. Values of resource lists are quantities, which are text.
  void write_map(Value map, const std::string& pointer, bool are_quantities) {
    out_.push_back('{');
    bool first = true;
    for (const Member& member : map.members()) {
      const Value value(&member.node);
      if (value.is_null()) continue;
      if (!first) out_.push_back(',');
      first = false;
      write_json_string(member.key, out_);
      out_.push_back(':');
      const bool is_resource_list = member.key == "limits" || member.key == "requests";
      write(value, pointer + "/" + escaped(member.key), are_quantities || is_resource_list);
    }
    out_.push_back('}');
  }

  void write_list(Value list, const std::string& pointer) {
    out_.push_back('[');
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_.push_back(',');
      write(list.at(i), pointer + "/" + std::to_string(i), false);
    }
    out_.push_back(']');
  }

  /// RFC 6901.
  static std::string escaped(std::string_view key) {
    std::string result;
    for (const char letter : key) {
      if (letter == '~') result += "~0";
      if (letter == '/') result += "~1";
      if (letter != '~' && letter != '/') result.push_back(letter);
    }
    return result;
  }

  const YamlDocument& document_;
  ManifestLocation& location_;
  std::string out_;
};

bool is_object(Value value) {
  return value.is_map() && value["apiVersion"].is_string() && value["kind"].is_string() &&
         !value["kind"].text().empty();
}

}  // namespace

void expand(const YamlDocument& document, const std::string& file, std::size_t number, std::vector<Manifest>& out) {
  std::vector<Value> pending = {document.root()};
  for (std::size_t next = 0; next < pending.size(); ++next) {
    const Value value = pending[next];
    if (!is_object(value)) continue;
    if (value["kind"].text().ends_with("List") && value["items"].is_list()) {
      for (const Node& item : value["items"].elements()) pending.emplace_back(&item);
      continue;
    }
    auto location = std::make_shared<ManifestLocation>();
    location->file = file;
    location->document = number;
    location->line = document.mark(value).line;
    Manifest manifest;
    const ApiVersion type = parse_api_version(value["apiVersion"].text());
    manifest.group = type.group;
    manifest.version = type.version;
    manifest.kind = value["kind"].text();
    manifest.ns = value["metadata"]["namespace"].text();
    manifest.item.bytes = Normalizer(document, *location).run(value);
    manifest.item.size = manifest.item.bytes.size();
    manifest.item.bytes.resize(manifest.item.size + kJsonPadding);
    manifest.item.location = std::move(location);
    out.push_back(std::move(manifest));
  }
}

}  // namespace posture
