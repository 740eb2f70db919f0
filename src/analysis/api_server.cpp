// SPDX-License-Identifier: Apache-2.0
// The API server's flags from either source: /flagz (structured, every effective value) or the command line of its mirror pods.
#include <algorithm>
#include <array>

#include "posture/analysis.h"

namespace posture {

namespace {

/// Flags that add up when given more than once (pflag StringSlice and map types); of all others the last wins.
constexpr std::array<std::string_view, 9> kListFlags = {"enable-admission-plugins",
                                                        "disable-admission-plugins",
                                                        "authorization-mode",
                                                        "tls-cipher-suites",
                                                        "feature-gates",
                                                        "api-audiences",
                                                        "runtime-config",
                                                        "service-account-key-file",
                                                        "etcd-servers"};

void set_flag(ApiServer& server, std::string_view raw_name, std::string_view value) {
  std::string name(raw_name);
  std::replace(name.begin(), name.end(), '_', '-');
  if (value.size() >= 2 && value.front() == '[' && value.back() == ']') value = value.substr(1, value.size() - 2);
  if (value.empty()) {
    server.flags.erase(name);
    return;
  }
  std::string& stored = server.flags[name];
  const bool adds_up = std::find(kListFlags.begin(), kListFlags.end(), name) != kListFlags.end();
  if (adds_up && !stored.empty()) {
    stored.append(",").append(value);
  } else {
    stored = value;
  }
}

std::vector<std::string_view> command_line(Value container) {
  std::vector<std::string_view> words;
  for (const char* part : {"command", "args"}) {
    for (const Node& word : container[part].elements()) words.push_back(Value(&word).text());
  }
  return words;
}

/// `--name=value`, `--name value` and bare booleans; a word that starts with a dash is never a value.
void read_flags(const std::vector<std::string_view>& words, ApiServer& server) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) continue;
    const std::string_view flag = words[i].substr(2);
    const std::size_t equals = flag.find('=');
    if (equals != std::string_view::npos) {
      set_flag(server, flag.substr(0, equals), flag.substr(equals + 1));
    } else if (i + 1 < words.size() && !words[i + 1].starts_with("-")) {
      set_flag(server, flag, words[++i]);
    } else {
      set_flag(server, flag, "true");
    }
  }
}

/// What the flags say, else the addresses of the host: without --advertise-address an API server takes one of those.
std::set<std::string> addresses_of(const ApiServer& server, Value status) {
  std::set<std::string> addresses;
  const auto said = server.flags.find("advertise-address");
  if (said != server.flags.end()) return {said->second};
  for (const char* list : {"hostIPs", "podIPs"}) {
    for (const Node& address : status[list].elements()) addresses.emplace(Value(&address)["ip"].text());
  }
  return addresses;
}

}  // namespace

std::set<std::string> api_server_addresses(Value endpoint_slice) {
  std::set<std::string> addresses;
  for (const Node& endpoint : endpoint_slice["endpoints"].elements()) {
    for (const Node& address : Value(&endpoint)["addresses"].elements()) addresses.emplace(Value(&address).text());
  }
  return addresses;
}

std::optional<ApiServer> api_server_from_flagz(Value flagz, const std::string& server) {
  if (flagz["kind"].text() != "Flagz" || !flagz["flags"].is_map()) return std::nullopt;
  ApiServer result;
  result.name = {"", "", kApiServerKind, server, ""};
  for (const Member& flag : flagz["flags"].members()) set_flag(result, flag.key, Value(&flag.node).text());
  result.addresses = addresses_of(result, Value());
  return result;
}

std::optional<ApiServer> api_server_from_pod(const Object& pod, const Workload& workload) {
  if (pod.ns != "kube-system" || !is_mirror_pod(pod)) return std::nullopt;
  for (const Node& node : workload.spec["containers"].elements()) {
    const Value container(&node);
    if (container["name"].text() != "kube-apiserver") continue;
    ApiServer result;
    result.name = name_of(pod);
    read_flags(command_line(container), result);
    result.addresses = addresses_of(result, pod.root["status"]);
    return result;
  }
  return std::nullopt;
}

}  // namespace posture
