// SPDX-License-Identifier: Apache-2.0
#include "evaluate/observe.h"

#include <map>

#include "base/json.h"

namespace posture {

namespace {

constexpr std::size_t kLongestValue = 200;  // bytes of JSON shown of one field

/// Where a variable's fields are, seen from the object; the element's are relative to it.
std::string prefix(std::size_t variable) {
  switch (variable) {
    case kPodSpec: return "spec.";
    case kPodMetadata: return "metadata.";
    case kPodSecurityContext: return "spec.securityContext.";
    default: return "";
  }
}

bool has_fields(std::size_t variable, const Check& check) {
  return variable <= kPodSecurityContext || (!check.each.name.empty() && variable == element_index(check));
}

std::string show(Value value) {
  if (!value.present()) return "null";
  std::string text;
  write_json(value, text);
  if (text.size() <= kLongestValue) return text;
  const std::string size =
      value.is_string() ? std::to_string(value.text().size()) + " bytes" : std::to_string(value.size()) + " entries";
  return "\"(" + size + ")\"";
}

std::string to_json(const std::map<std::string, std::string>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    out += out.empty() ? "{" : ",";
    write_json_string(name, out);
    out += ":" + value;
  }
  return out.empty() ? out : out + "}";
}

}  // namespace

std::string observe(const CompiledCheck& check, CheckHost& host, const ApiServer* api_server) {
  std::map<std::string, std::string> fields;
  for (const auto& [function, flag] : check.expect->constant_arguments()) {
    const auto found = api_server == nullptr ? decltype(api_server->flags.end()){} : api_server->flags.find(flag);
    if (api_server == nullptr) continue;
    std::string value = "null";
    if (found != api_server->flags.end()) {
      value.clear();
      write_json_string(found->second, value);
    }
    fields["--" + flag] = value;
  }
  for (const cel::FieldPath& path : check.expect->field_paths()) {
    if (path.fields.empty() || !has_fields(path.variable, *check.check)) continue;
    Value value = host.value(path.variable);
    std::string name = prefix(path.variable);
    for (const std::string& field : path.fields) {
      value = value[field];
      name += (&field == &path.fields.front() ? "" : ".") + field;
    }
    fields[name] = show(value);
  }
  return to_json(fields);
}

}  // namespace posture
