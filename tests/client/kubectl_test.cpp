// SPDX-License-Identifier: Apache-2.0
// What arrives at a server when kubectl reads one path with each file of kubeconfig-samples/, and when we do.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <iostream>
#include <regex>

#include "../kubeconfig/samples.h"
#include "base/base64.h"
#include "fixtures.h"
#include "test_proxy.h"

namespace {

/// As `kubectl version` asks; `kubectl get --raw` drops a path prefix.
const std::string kAsked = "/version?timeout=32s";

/// One token from everything that a plugin is told. A cluster without a config is told by kubectl as one whose config is null.
const std::string kPlugin = R"sh(#!/bin/sh
told=$(printf '%s' "${0##*/} $*|$AWS_PROFILE|$KUBERNETES_EXEC_INFO" | sed 's/,"config":null}/}/' | base64 | tr -d '\n')
version=$(printf '%s' "$KUBERNETES_EXEC_INFO" | sed 's/.*"apiVersion":"\([^"]*\)".*/\1/')
printf '{"kind":"ExecCredential","apiVersion":"%s","status":{"token":"%s"}}' "$version" "$told"
)sh";

/// What else a kubeconfig can say about whom we act as, and a token beside a file.
const std::string kMore = R"(
apiVersion: v1
kind: Config
current-context: sample
contexts: [{name: sample, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "https://api.example.com/k8s/clusters/c-1//", certificate-authority: pki/ca.crt}}]
users:
  - name: u
    user:
      token: not-this-one
      tokenFile: pki/token
      as: jane
      as-uid: u-1
      as-groups: [dev, "system:authenticated"]
      as-user-extra: {"acme.com/Project": [one, two], "50%": [half]}
)";

std::string id_token() {
  std::string payload = posture::encode_base64(R"({"iss":"https://login.example.com","exp":4102444800})");
  payload.erase(std::find(payload.begin(), payload.end(), '='), payload.end());
  return "e30." + payload + ".e30";
}

/// The samples, with a server of our own in the place of theirs, which notes what comes.
class Recorder {
 public:
  Recorder() {
    std::string made = (std::filesystem::temp_directory_path() / "posture-kubectl-XXXXXX").string();
    folder_ = std::string(mkdtemp(made.data())) + "/";
    std::filesystem::copy(kSamples, folder_, std::filesystem::copy_options::recursive);
    write("more.yaml", kMore);
    write("pki/ca.crt", pki_.ca.certificate_pem());
    for (const std::string& list : sample_lists(folder_)) {
      for (std::size_t at = 0, end = 0; at < list.size(); at = end + 1) {
        end = std::min(list.find(':', at), list.size());
        redirect(list.substr(at, end - at));
      }
    }
    for (const char* name : {"aws", "gke-gcloud-auth-plugin", "kubelogin"}) {
      write("bin/" + std::string(name), kPlugin);
      std::filesystem::permissions(folder_ + "bin/" + name, std::filesystem::perms::owner_all);
    }
  }
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder() { std::filesystem::remove_all(folder_); }

  const std::string& folder() const { return folder_; }
  std::map<std::string, std::string> environment(const std::string& list) const {
    return {{"KUBECONFIG", list},
            {"HOME", folder_ + "home"},
            {"PATH", folder_ + "bin:/usr/bin:/bin"},
            {"SSL_CERT_FILE", folder_ + "pki/ca.crt"}};
  }

  /// What has come since the last call.
  std::vector<Asked> take_requests() {
    std::vector<Asked> out;
    for (Source& source : sources_) {
      const std::vector<Asked> log = source.server->log();
      out.insert(out.end(), log.begin() + static_cast<std::ptrdiff_t>(source.seen), log.end());
      source.seen = log.size();
    }
    return out;
  }
  std::vector<std::string> take_tunnels() {
    const std::vector<std::string> all = proxy_.asked();
    const std::vector<std::string> out(all.begin() + static_cast<std::ptrdiff_t>(tunnels_seen_), all.end());
    tunnels_seen_ = all.size();
    return out;
  }

 private:
  struct Source {
    const ScriptedServer* server;
    std::size_t seen = 0;
  };

  static Reply version(const Asked&) { return json(R"({"major":"1","minor":"33","gitVersion":"v1.33.1"})"); }
  static std::string address(const ScriptedServer& server) { return server.url().substr(server.url().find("//") + 2); }
  static int port_of(const ScriptedServer& server) {
    return std::stoi(address(server).substr(address(server).find(':') + 1));
  }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(folder_ + name).parent_path());
    std::ofstream(folder_ + name, std::ios::binary) << text;
  }
  void redirect(const std::string& path) const {
    std::string text = content(path);
    const bool proxied = text.find("proxy-url") != std::string::npos;
    const auto replace = [&](const char* pattern, const std::string& by) {
      text = std::regex_replace(text, std::regex(pattern), by);
    };
    if (!proxied) replace(R"re((server"?: *"?https://)[^/"\s}]+)re", "$01" + address(encrypted_));
    replace(R"re((server"?: *"?http://)[^/"\s}]+)re", "$01" + address(plain_));
    replace("(socks5://)[a-z.]+:[0-9]+", "$01127.0.0.1:" + std::to_string(proxy_.port()));
    replace("(certificate-authority-data: )[^ \n]+", "$01" + posture::encode_base64(pki_.ca.certificate_pem()));
    replace("sample-id-token", id_token());
    std::ofstream(path, std::ios::binary) << text;
  }

  Pki pki_;
  TestIdentity identity_ = make_identity(
      {"x", "IP:127.0.0.1,DNS:api.example.com,DNS:api.internal.example.com", -3600, 3600, false}, &pki_.ca);
  ScriptedServer encrypted_{version, &identity_};
  ScriptedServer plain_{version};
  TestProxy proxy_{TestProxy::Kind::socks5, port_of(encrypted_)};
  std::vector<Source> sources_ = {{&encrypted_}, {&plain_}};
  std::size_t tunnels_seen_ = 0;
  std::string folder_;
};

void read_with_kubectl(const std::string& kubectl, const std::map<std::string, std::string>& environment) {
  std::string command = "env -i";
  for (const auto& [name, value] : environment) command += " " + name + "='" + value + "'";
  REQUIRE(run_command(command + " " + kubectl + " version -o json </dev/null").has_value());
}

void read_ourselves(const std::map<std::string, std::string>& environment) {
  posture::ConnectionOptions options;
  options.environment = [&](const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
  CHECK_FALSE(client(posture::load_connection(options))->get({kAsked}).gap.has_value());
}

/// What tells a server who asks, and for what: "name: value".
std::vector<std::string> meaning(const Asked& asked) {
  std::vector<std::string> out = {"method: " + asked.method, "target: " + asked.target};
  if (!asked.server_name.empty()) out.push_back("TLS server name: " + asked.server_name);
  if (!asked.certificate.empty()) out.push_back("client certificate: " + asked.certificate);
  for (const auto& [name, value] : asked.headers) {
    if (name == "host" || name == "authorization" || name.rfind("impersonate-", 0) == 0) {
      out.push_back(name + ": " + value);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a server cannot tell kubectl and us apart by who asks, and for what") {
  const std::string kubectl = real_kubectl();
  if (kubectl.empty()) {
    std::cerr << "SKIPPED: kubectl is not on this machine, what it sends was not compared with what we send\n";
    return;
  }
  Recorder recorder;
  std::map<std::string, std::size_t> seen;  // how many samples have each way to say who asks
  for (const std::string& list : sample_lists(recorder.folder())) {
    INFO(list);
    const std::map<std::string, std::string> environment = recorder.environment(list);
    read_with_kubectl(kubectl, environment);
    const std::vector<Asked> theirs = recorder.take_requests();
    const std::vector<std::string> their_tunnels = recorder.take_tunnels();
    read_ourselves(environment);
    const std::vector<Asked> ours = recorder.take_requests();
    REQUIRE(theirs.size() == 1);
    REQUIRE(ours.size() == 1);
    CHECK(meaning(ours[0]) == meaning(theirs[0]));
    CHECK(recorder.take_tunnels() == their_tunnels);
    for (const std::string& line : meaning(ours[0])) ++seen[line.substr(0, line.find(": "))];
    seen["tunnel"] += their_tunnels.size();
  }
  // Nothing is alike only because it is missing.
  CHECK(seen["authorization"] >= 12);
  CHECK(seen["client certificate"] >= 5);
  CHECK(seen["TLS server name"] >= 2);
  CHECK(seen["tunnel"] == 1);
  CHECK(seen["impersonate-user"] == 2);
  CHECK(seen["impersonate-group"] == 2);
  CHECK(seen["impersonate-uid"] == 1);
  CHECK(seen["impersonate-extra-reason"] == 1);
}
