// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/plugin.h"

#include <array>

#include "base/base64.h"
#include "base/json.h"
#include "base/text.h"
#include "kubeconfig/config_files.h"
#include "kubeconfig/small_file.h"
#include "posture/error.h"

namespace posture {
namespace {

constexpr const char* kV1 = "client.authentication.k8s.io/v1";
constexpr const char* kV1Beta1 = "client.authentication.k8s.io/v1beta1";
constexpr std::size_t kMaxHintBytes = 2000;

enum class Mode { never, if_available, always };
struct ModeRow {
  const char* name;
  const char* version;  // where it is the meaning of nothing
  Mode mode;
};
constexpr std::array kModes = {
    ModeRow{"Never", "", Mode::never},
    ModeRow{"IfAvailable", kV1Beta1, Mode::if_available},
    ModeRow{"Always", "", Mode::always},
};

const ModeRow* mode_of(const PluginEntry& entry) {
  for (const ModeRow& row : kModes) {
    if (entry.interactive_mode.empty() ? entry.api_version == row.version : entry.interactive_mode == row.name) {
      return &row;
    }
  }
  return nullptr;
}

/// The members of a JSON object in a fixed order, without those that say nothing.
class JsonObject {
 public:
  void add_text(std::string_view key, const std::string& text) {
    if (text.empty()) return;
    std::string literal;
    write_json_string(text, literal);
    add(key, literal);
  }
  void add_flag(std::string_view key, bool flag) {
    if (flag) add(key, "true");
  }
  void add(std::string_view key, const std::string& json) {
    if (json.empty()) return;
    text_ += text_.empty() ? "{" : ",";
    write_json_string(key, text_);
    text_.append(":").append(json);
  }
  std::string text() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

std::string cluster_json(const ClusterEntry& cluster) {
  const std::string ca = cluster.certificate_authority.empty()
                             ? cluster.certificate_authority_data
                             : require_small_file(cluster.certificate_authority, kMaxPemBytes, "certificate-authority");
  JsonObject json;
  json.add_text("server", cluster.server);
  json.add_text("tls-server-name", cluster.tls_server_name);
  json.add_flag("insecure-skip-tls-verify", cluster.insecure_skip_tls_verify);
  json.add_text("certificate-authority-data", encode_base64(ca));
  json.add_text("proxy-url", cluster.proxy_url);
  json.add_flag("disable-compression", cluster.disable_compression);
  json.add("config", cluster.plugin_config);
  return json.text();
}

}  // namespace

void check_plugin(const PluginEntry& entry, const std::string& user) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorKind::config, "the exec part of user \"" + printable(user, 100) + "\" " + what, entry.place);
  };
  if (entry.command.empty()) refuse("names no command");
  if (entry.api_version.empty()) refuse("has no apiVersion; write " + std::string(kV1));
  if (entry.api_version != kV1 && entry.api_version != kV1Beta1) {
    refuse("has the apiVersion " + printable(entry.api_version, 100) + "; only " + kV1 + " and v1beta1 are known");
  }
  for (const auto& [name, value] : entry.variables) {
    if (name.empty()) refuse("has an env entry without a name");
  }
  if (mode_of(entry) != nullptr) return;
  if (entry.interactive_mode.empty()) refuse("has no interactiveMode, which v1 needs: Never, IfAvailable or Always");
  refuse("has the interactiveMode " + printable(entry.interactive_mode, 100) +
         "; it must be Never, IfAvailable or Always");
}

CredentialPlugin plugin_of(const PluginEntry& entry, const ClusterEntry& cluster, const ConnectionOptions& options) {
  const Mode mode = mode_of(entry)->mode;
  if (mode == Mode::always && !options.has_terminal) {
    throw Error(ErrorKind::config,
                "the credential plugin " + printable(entry.command) +
                    " always asks (interactiveMode: Always), but standard input is not a terminal; run it in one",
                entry.place);
  }
  CredentialPlugin plugin;
  plugin.place = entry.place;
  plugin.command = entry.command;
  plugin.arguments = entry.arguments;
  plugin.variables = entry.variables;
  plugin.path = environment_value(options, "PATH");
  plugin.api_version = entry.api_version;
  plugin.interactive = mode != Mode::never && options.has_terminal;
  plugin.install_hint = printable(entry.install_hint, kMaxHintBytes);
  if (entry.provide_cluster_info) plugin.cluster = cluster_json(cluster);
  return plugin;
}

}  // namespace posture
