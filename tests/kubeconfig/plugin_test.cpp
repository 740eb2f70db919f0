// SPDX-License-Identifier: Apache-2.0
// Credential plugins: what may stand in a kubeconfig, what they are told, and what they may answer.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

#include "base/base64.h"
#include "base/json.h"
#include "load_fixtures.h"

using posture::Credential;

namespace {

const std::string kV1 = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, ";
const std::string kBeta = "apiVersion: client.authentication.k8s.io/v1beta1, ";

std::string with_exec(const std::string& exec, const std::string& cluster = "server: 'https://h:1'",
                      const std::string& user = "") {
  return config(cluster, user + "exec: {" + exec + "}");
}

/// A plugin that runs `script` in a shell.
posture::CredentialPlugin plugin(const std::string& script, const std::string& version = "v1") {
  posture::CredentialPlugin made;
  made.place = "config:7:9";
  made.command = "sh";
  made.path = "/bin:/usr/bin";
  made.arguments = {"-c", script};
  made.api_version = "client.authentication.k8s.io/" + version;
  return made;
}

std::string answer(const std::string& status, const std::string& version = "v1") {
  return R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/)" + version + R"(","status":)" +
         status + "}";
}

Credential run(const std::string& output) {
  posture::CredentialPlugin echo = plugin(R"(printf %s "$ANSWER")");
  echo.variables = {{"ANSWER", output}};
  return posture::run_plugin(echo);
}

template <typename Act>
std::string refusal(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    CHECK(error.kind() == posture::ErrorKind::credentials);
    return error.what();
  }
  return "";
}

std::string quoted(const std::string& text) {
  std::string json;
  posture::write_json_string(text, json);
  return json;
}

}  // namespace

TEST_CASE("what an exec entry must say") {
  const std::string who = "the exec part of user \"u\" ";
  const std::vector<Row> rows = {
      {with_exec(kV1), who + "names no command"},
      {config("server: 'https://h'", "exec: {}"), who + "names no command"},
      {with_exec("command: x"), who + "has no apiVersion; write client.authentication.k8s.io/v1"},
      {with_exec("command: x, apiVersion: client.authentication.k8s.io/v1alpha1"),
       who + "has the apiVersion client.authentication.k8s.io/v1alpha1; only client.authentication.k8s.io/v1 and "
             "v1beta1 are known"},
      {with_exec("command: x, apiVersion: client.authentication.k8s.io/v1"),
       who + "has no interactiveMode, which v1 needs: Never, IfAvailable or Always"},
      {with_exec("command: x, interactiveMode: Sometimes, " + kBeta),
       who + "has the interactiveMode Sometimes; it must be Never, IfAvailable or Always"},
      {with_exec("command: x, env: [{value: a}], " + kV1), who + "has an env entry without a name"},
      {with_exec("command: x, env: {A: b}, " + kV1), "env must be a list, not a map"},
      {with_exec("command: x, args: [1], " + kV1), "args must be a string, not a number; put it in quotes"},
      {config("server: 'https://h'", "exec: x"), "exec must be a map, not a string"},
      {config("server: 'https://h'", "token: t, exec: {command: x}"),
       who + "has no apiVersion; write client.authentication.k8s.io/v1"},
      {config("server: 'http://h'", "exec: {command: x, " + kBeta + "}"),
       "user \"u\" has credentials, but the server is plain http:// where everybody could read them; use https://"},
      {with_exec("command: x, interactiveMode: Always, " + kBeta),
       "the credential plugin x always asks (interactiveMode: Always), but standard input is not a terminal; run it in "
       "one"},
  };
  for (const Row& row : rows) {
    World world;
    CHECK(failure([&] { world.load_file(row.text); }) == row.message);
  }
}

TEST_CASE("9 36 37: which plugin is run, and when none is") {
  World world;
  world.variables["PATH"] = "/bin";
  const Connection bare = world.load_file(with_exec("command: p, args: [a, ''], env: [{name: A, value: b}], " + kBeta));
  REQUIRE(bare.plugin.has_value());
  CHECK(bare.plugin->command == "p");
  CHECK(bare.plugin->path == "/bin");
  CHECK(bare.plugin->arguments == std::vector<std::string>{"a", ""});
  CHECK(bare.plugin->variables.size() == 1);
  CHECK(bare.plugin->cluster.empty());
  CHECK(world.load_file(with_exec("command: ./p, " + kBeta)).plugin->command == world.path("p"));
  CHECK(world.load_file(with_exec("command: ../x/p, " + kBeta)).plugin->command ==
        std::filesystem::path(world.path("../x/p")).lexically_normal());
  for (const char* other : {"token: t, ", "username: a, password: b, "}) {
    CHECK_FALSE(world.load_file(with_exec("command: p, " + kBeta, "server: 'https://h'", other)).plugin.has_value());
  }
  struct ModeCase {
    std::string mode;
    bool terminal;
    bool interactive;
  };
  for (const ModeCase& row : {ModeCase{"Never", true, false}, ModeCase{"IfAvailable", false, false},
                              ModeCase{"IfAvailable", true, true}, ModeCase{"Always", true, true}}) {
    posture::ConnectionOptions options = world.options();
    options.has_terminal = row.terminal;
    world.variables["KUBECONFIG"] =
        world.write("m", with_exec("command: p, interactiveMode: " + row.mode + ", " + kBeta));
    CHECK(posture::load_connection(options).plugin->interactive == row.interactive);
  }
}

TEST_CASE("27: what a plugin is told") {
  World world;
  const std::string cluster =
      "server: 'https://h:1/x/?q#f', tls-server-name: name, disable-compression: true, certificate-authority: ca.crt, "
      "extensions: [{name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {b: [1, null], "
      "a: "
      "\"<\"}}]";
  std::string ca(posture::certificates_in(content(kPki + "ca.crt")));
  world.write("ca.crt", "rubbish\n" + ca);
  Connection told = world.load_file(with_exec("command: sh, args: ['-c', 'printf %s \"$KUBERNETES_EXEC_INFO$A\" >" +
                                                  world.path("told") +
                                                  "; exit 1'], env: [{name: A, value: '|'}, {name: "
                                                  "KUBERNETES_EXEC_INFO, value: x}], provideClusterInfo: true, " +
                                                  kV1,
                                              cluster));
  told.plugin->path = "/bin";
  CHECK(refusal([&] { posture::run_plugin(*told.plugin); }).find("failed with exit code 1;") != std::string::npos);
  CHECK(
      content(world.path("told")) ==
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"cluster":{"server":"https://h:1/x/?q#f",)"
      R"("tls-server-name":"name","certificate-authority-data":")" +
          posture::encode_base64("rubbish\n" + ca) +
          R"(","disable-compression":true,"config":{"b":[1,null],"a":"<"}},"interactive":false}})"
          "\n|");

  told = world.load_file(with_exec("command: p, provideClusterInfo: true, " + kBeta,
                                   "server: 'https://h', insecure-skip-tls-verify: true"));
  CHECK(told.plugin->cluster == R"({"server":"https://h","insecure-skip-tls-verify":true})");
}

TEST_CASE("28: good answers") {
  CHECK(run(answer(R"({"token":"t"})")).token == "t");
  CHECK_FALSE(run(answer(R"({"token":"t"})")).expires.has_value());
  CHECK(run("\n" + answer(R"({"token":"t"})") + "\n").token == "t");
  CHECK(run("apiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\nstatus:\n  token: t\n").token == "t");
  CHECK(run(answer(R"({"token":"t","expirationTimestamp":"2026-01-02T03:04:05+01:00"})")).expires ==
        std::chrono::system_clock::from_time_t(1767319445));
  CHECK(posture::run_plugin(plugin("echo '" + answer(R"({"token":"t"})", "v1beta1") + "'", "v1beta1")).token == "t");
  const std::string certificate = content(kPki + "client.crt");
  const std::string key = content(kPki + "client.key");
  const Credential pair =
      run(answer(R"({"clientCertificateData":)" + quoted(certificate) + R"(,"clientKeyData":)" + quoted(key) + "}"));
  CHECK(pair.client_certificate_pem == certificate);
  CHECK(pair.client_key_pem == key);
}

TEST_CASE("29: bad answers") {
  const std::string certificate = quoted(content(kPki + "client.crt"));
  const std::string who = "credential plugin sh ";
  const std::string not_one = who + "did not answer with one JSON or YAML object";
  const std::vector<Row> rows = {
      {"junk\n" + answer(R"({"token":"secret"})"), not_one},
      {answer(R"({"token":"secret"})") + "{}", not_one},
      {"", not_one},
      {"a: b\n---\nc: d", not_one},
      {"[1]", not_one},
      {"{", not_one},
      {R"({"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"secret"}})",
       who + "did not answer with an ExecCredential"},
      {answer(R"({"token":"secret"})", "v1beta1"), who + "answered in version client.authentication.k8s.io/v1beta1, "
                                                         "but client.authentication.k8s.io/v1 is configured"},
      {answer("null"), who + "answered without a status"},
      {answer("{}"), who + "answered with neither a token nor a client certificate and key"},
      {answer(R"({"token":1})"), who + "answered with a token that is not a string"},
      {answer(R"({"token":"a\r\nb"})"), who + "answered with a token that holds white space or control characters"},
      {answer(R"({"clientCertificateData":)" + certificate + "}"),
       who + "answered with a client certificate or a key, not both"},
      {answer(R"({"token":"t","clientKeyData":"k"})"), who + "answered with a client certificate or a key, not both"},
      {answer(R"({"clientCertificateData":)" + certificate + R"(,"clientKeyData":"k"})"),
       who + "answered with what cannot be used: the client key holds no PEM private key"},
      {answer(R"({"token":"secret","expirationTimestamp":"tomorrow"})"),
       who + "answered with an expirationTimestamp that is no RFC 3339 time"},
  };
  for (const Row& row : rows) CHECK(refusal([&] { run(row.text); }) == row.message);
}

TEST_CASE("29 31: plugins that do not answer") {
  const std::string who = "credential plugin sh ";
  CHECK(refusal([] { posture::run_plugin(plugin("exit 3")); }) ==
        who + "failed with exit code 3; run it by hand to see why, or log in again");
  CHECK(refusal([] { posture::run_plugin(plugin("kill -9 $$")); }) == who + "was ended by signal 9");
  CHECK(refusal([] { posture::run_plugin(plugin("cat /dev/zero")); }) == who + "wrote more than 1 MiB and was ended");
  World world;
  world.variables["PATH"] = "/bin";
  Connection missing =
      world.load_file(with_exec("command: no-such-plugin, installHint: \"get it\\nat\\e[31m example.com\", " + kBeta));
  CHECK(refusal([&] { posture::run_plugin(*missing.plugin); }) ==
        "credential plugin no-such-plugin is not installed: no folder of PATH holds a program of this name; get it "
        "at\\u001B[31m example.com");
  missing = world.load_file(with_exec("command: ./no-such-plugin, " + kBeta));
  CHECK(refusal([&] { posture::run_plugin(*missing.plugin); }) ==
        "credential plugin " + world.path("no-such-plugin") + " is not installed: no program stands there");
  missing.plugin->command = world.write("broken", "#!/no/such/interpreter\n");
  std::filesystem::permissions(missing.plugin->command, std::filesystem::perms::owner_all);
  CHECK(refusal([&] { posture::run_plugin(*missing.plugin); }).find(" cannot be started: ") != std::string::npos);
}
