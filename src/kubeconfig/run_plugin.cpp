// SPDX-License-Identifier: Apache-2.0
// One run of a credential plugin (client-go plugin/pkg/client/auth/exec): what it is told, and what it answers.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <string_view>

#include "base/json.h"
#include "base/subprocess.h"
#include "base/text.h"
#include "base/time.h"
#include "base/yaml.h"
#include "kubeconfig/credentials.h"
#include "kubeconfig/pem.h"
#include "posture/error.h"
#include "posture/kubeconfig.h"

namespace posture {
namespace {

using How = SubprocessEnd::How;

constexpr std::chrono::seconds kTimeLimit{60};
constexpr std::chrono::minutes kInteractiveTimeLimit{10};  // somebody may have to log in
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20;

[[noreturn]] void refuse(const CredentialPlugin& plugin, const std::string& what) {
  throw Error(ErrorKind::credentials, "credential plugin " + printable(plugin.command) + " " + what, plugin.place);
}

/// The ExecCredential that it finds in KUBERNETES_EXEC_INFO. The line feed at the end is client-go's.
std::string question(const CredentialPlugin& plugin) {
  std::string json = R"({"kind":"ExecCredential","apiVersion":)";
  write_json_string(plugin.api_version, json);
  json += R"(,"spec":{)";
  if (!plugin.cluster.empty()) json += R"("cluster":)" + plugin.cluster + ",";
  json += R"("interactive":)";
  json += plugin.interactive ? "true" : "false";
  return json + "}}\n";
}

std::string program_of(const CredentialPlugin& plugin) {
  const std::optional<std::string> file = find_program(plugin.command, plugin.path);
  if (file) return *file;
  const bool is_path = plugin.command.find('/') != std::string::npos;
  refuse(plugin, std::string("is not installed: ") +
                     (is_path ? "no program stands there" : "no folder of PATH holds a program of this name") +
                     (plugin.install_hint.empty() ? "" : "; " + plugin.install_hint));
}

std::string output_of(const CredentialPlugin& plugin, const std::function<bool()>& stop) {
  Subprocess wanted;
  wanted.file = program_of(plugin);
  wanted.name = plugin.command;
  wanted.arguments = plugin.arguments;
  wanted.variables = plugin.variables;
  wanted.variables.emplace_back("KUBERNETES_EXEC_INFO", question(plugin));
  wanted.interactive = plugin.interactive;
  wanted.time_limit = plugin.interactive ? std::chrono::milliseconds(kInteractiveTimeLimit) : kTimeLimit;
  wanted.output_limit = kMaxAnswerBytes;
  wanted.stop = stop;
  SubprocessEnd end = run_subprocess(wanted);
  const std::string code = std::to_string(end.code);
  switch (end.how) {
    case How::exited: break;
    case How::killed: refuse(plugin, "was ended by signal " + code);
    case How::not_started: refuse(plugin, std::string("cannot be started: ") + std::strerror(end.code));
    case How::too_slow:
      refuse(plugin, "gave no answer within " + std::to_string(wanted.time_limit / std::chrono::seconds(1)) +
                         " s and was ended");
    case How::stopped:
      throw Error(ErrorKind::stopped,
                  "credential plugin " + printable(plugin.command, 200) + " was ended while it ran");
    case How::too_chatty: refuse(plugin, "wrote more than 1 MiB and was ended");
  }
  if (end.code != 0) refuse(plugin, "failed with exit code " + code + "; run it by hand to see why, or log in again");
  return std::move(end.output);
}

/// Calls `use` with the root of the answer, which is JSON or YAML.
template <typename Use>
Credential with_answer(const CredentialPlugin& plugin, const std::string& output, const Use& use) {
  const std::size_t first = output.find_first_not_of(" \t\r\n");
  try {
    if (first != std::string::npos && output[first] == '{') return use(JsonDocument(output, "").root());
    const std::vector<YamlDocument> documents = parse_yaml(output, "");
    if (documents.size() == 1) return use(documents.front().root());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::credentials) throw;
  }
  refuse(plugin, "did not answer with one JSON or YAML object");  // which is not quoted: it may hold a secret
}

std::string text_in(const CredentialPlugin& plugin, Value status, std::string_view key) {
  const Value value = status[key];
  if (value.present() && !value.is_null() && !value.is_string()) {
    refuse(plugin, "answered with a " + std::string(key) + " that is not a string");
  }
  return std::string(value.text());
}

void check_credential(const CredentialPlugin& plugin, const Credential& credential) {
  const bool has_certificate = !credential.client_certificate_pem.empty();
  if (credential.token.empty() && !has_certificate && credential.client_key_pem.empty()) {
    refuse(plugin, "answered with neither a token nor a client certificate and key");
  }
  if (has_certificate == credential.client_key_pem.empty()) {
    refuse(plugin, "answered with a client certificate or a key, not both");
  }
  if (!is_header_text(credential.token))
    refuse(plugin, "answered with a token that holds white space or control characters");
  if (!has_certificate) return;
  const std::string flaw = client_identity_flaw(credential.client_certificate_pem, credential.client_key_pem);
  if (!flaw.empty()) refuse(plugin, "answered with what cannot be used: " + flaw);
}

Credential credential_in(const CredentialPlugin& plugin, Value answer) {
  if (!answer.is_map()) refuse(plugin, "did not answer with one JSON or YAML object");
  if (answer["kind"].text() != "ExecCredential") refuse(plugin, "did not answer with an ExecCredential");
  if (answer["apiVersion"].text() != plugin.api_version) {
    refuse(plugin, "answered in version " + printable(answer["apiVersion"].text(), 100) + ", but " +
                       plugin.api_version + " is configured");
  }
  const Value status = answer["status"];
  if (!status.is_map()) refuse(plugin, "answered without a status");
  Credential credential;
  credential.token = text_in(plugin, status, "token");
  credential.client_certificate_pem = text_in(plugin, status, "clientCertificateData");
  credential.client_key_pem = text_in(plugin, status, "clientKeyData");
  const std::string expires = text_in(plugin, status, "expirationTimestamp");
  credential.expires = parse_rfc3339(expires);
  if (!expires.empty() && !credential.expires)
    refuse(plugin, "answered with an expirationTimestamp that is no RFC 3339 time");
  check_credential(plugin, credential);
  return credential;
}

}  // namespace

Credential run_plugin(const CredentialPlugin& plugin, const std::function<bool()>& stop) {
  const std::string output = output_of(plugin, stop);
  return with_answer(plugin, output, [&](Value answer) { return credential_in(plugin, answer); });
}

}  // namespace posture
