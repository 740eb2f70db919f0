// SPDX-License-Identifier: Apache-2.0
#include "evaluate/observe.h"

#include <map>

#include "base/json.h"

namespace posture {

namespace {

constexpr std::size_t kLongestValue = 200;  // bytes of JSON shown of one field

void show(Value value, std::string& out) {
  if (!value.present()) {
    out += "null";
    return;
  }
  const std::size_t start = out.size();
  write_json(value, out);
  if (out.size() - start <= kLongestValue) return;
  out.resize(start);
  out += value.is_string() ? "\"(" + std::to_string(value.text().size()) + " bytes)\""
                           : "\"(" + std::to_string(value.size()) + " entries)\"";
}

void add_name(std::string_view name, std::string& out) {
  out += out.empty() ? '{' : ',';
  write_json_string(name, out);
  out += ':';
}

std::string flags_of(const CompiledCheck& check, const ApiServer& server) {
  std::map<std::string_view, const std::string*> flags;
  for (const auto& [function, flag] : check.expect->constant_arguments()) {
    const auto found = server.flags.find(flag);
    flags[flag] = found == server.flags.end() ? nullptr : &found->second;
  }
  std::string out;
  for (const auto& [flag, value] : flags) {
    add_name("--" + std::string(flag), out);
    if (value == nullptr) {
      out += "null";
    } else {
      write_json_string(*value, out);
    }
  }
  return out;
}

}  // namespace

std::string observe(const CompiledCheck& check, CheckHost& host, const ApiServer* api_server) {
  std::string out;
  if (api_server != nullptr) {
    out = flags_of(check, *api_server);
  } else {
    for (const auto& [name, path] : check.observed) {
      add_name(name, out);
      Value value = host.value(path.variable);
      for (const std::string& field : path.fields) value = value[field];
      show(value, out);
    }
  }
  return out.empty() ? out : out + '}';
}

}  // namespace posture
