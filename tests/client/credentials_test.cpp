// SPDX-License-Identifier: Apache-2.0
// Credentials that change while a scan runs: plugins asked again, and what a 401 brings about.
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "fixtures.h"
#include "recording_sink.h"

namespace {

/// A plugin that keeps count of its runs: run n prints what stands in the file "answer-n", else "answer".
class CountingPlugin {
 public:
  CountingPlugin() {
    std::string name = (std::filesystem::temp_directory_path() / "posture-plugin-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  CountingPlugin(const CountingPlugin&) = delete;
  ~CountingPlugin() { std::filesystem::remove_all(folder_); }

  posture::CredentialPlugin plugin() const {
    posture::CredentialPlugin made;
    made.command = "sh";
    made.path = "/bin:/usr/bin";
    made.api_version = "client.authentication.k8s.io/v1";
    made.arguments = {
        "-c",
        "cd " + folder_ +
            " || exit 9; echo >>runs; n=$(wc -l <runs); n=$((n)); if [ -f answer-$n ]; then cat answer-$n; else cat "
            "answer; fi"};
    return made;
  }
  void say(const std::string& status, const std::string& file = "answer") const {
    std::ofstream(folder_ + "/" + file)
        << R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":)" << status << "}";
  }
  std::size_t runs() const {
    std::ifstream file(folder_ + "/runs");
    return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
  }

 private:
  std::string folder_;
};

std::string token(const std::string& value, const std::string& expires = "") {
  return R"({"token":")" + value + "\"" + (expires.empty() ? "" : R"(,"expirationTimestamp":")" + expires + "\"") + "}";
}

std::string quoted_pem(const std::string& pem) {
  std::string out;
  for (const char c : pem) out += c == '\n' ? std::string("\\n") : std::string(1, c);
  return "\"" + out + "\"";
}

std::string pair(const TestIdentity& identity) {
  return R"({"clientCertificateData":)" + quoted_pem(identity.certificate_pem()) + R"(,"clientKeyData":)" +
         quoted_pem(identity.key_pem()) + "}";
}

/// Accepts one bearer token and refuses the rest.
ScriptedServer::Script only(const std::string& good) {
  return [good](const Asked& asked) {
    const auto found = asked.headers.find("authorization");
    const bool known = found != asked.headers.end() && found->second == "Bearer " + good;
    return known ? json("{}") : status_reply(401, "Unauthorized", "Unauthorized");
  };
}

bool asks_for_second(const Asked& asked) { return asked.target.find("continue=") != std::string::npos; }

Reply page_of_two(bool second) {
  const std::string item = R"({"metadata":{"uid":")" + std::to_string(second ? 2 : 1) + R"("}})";
  return json(R"({"kind":"PodList","apiVersion":"v1","metadata":{)" +
              std::string(second ? "" : R"("continue":"next")") + R"(},"items":[)" + item + "]}");
}

void check_both_pages(const Connection& connection) {
  RecordingSink sink(1);
  const std::vector<posture::ListRequest> requests = {{{"", "v1", "pods", "Pod", true}, ""}};
  client(connection)->list(requests, sink);
  CHECK(sink.lists[0].names.size() == 2);
  CHECK_FALSE(sink.lists[0].gap.has_value());
}

}  // namespace

TEST_CASE("a plugin is asked once, and not before it is needed") {
  const Pki pki;
  const CountingPlugin counting;
  counting.say(token("good", "2999-01-01T00:00:00Z"));
  const ScriptedServer server(only("good"), &pki.server);
  Connection connection = pki.trusted(server);
  connection.plugin = counting.plugin();
  const std::unique_ptr<posture::Source> source = client(connection);
  CHECK(counting.runs() == 0);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(source->get({"/x"}).gap.has_value());
  CHECK(counting.runs() == 1);
}

TEST_CASE("32: an expired answer is used once, and asked for again") {
  const Pki pki;
  const CountingPlugin counting;
  counting.say(token("good", "2001-01-01T00:00:00Z"));
  const ScriptedServer server(only("good"), &pki.server);
  Connection connection = pki.trusted(server);
  connection.plugin = counting.plugin();
  const std::unique_ptr<posture::Source> source = client(connection);
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
  CHECK(counting.runs() == 1);
  counting.say(token("good"));
  for (int i = 0; i < 3; ++i) CHECK_FALSE(source->get({"/x"}).gap.has_value());
  CHECK(counting.runs() == 2);
}

TEST_CASE("32: credentials that expire between two pages") {
  const Pki pki;
  const CountingPlugin counting;
  counting.say(token("one"), "answer-1");
  counting.say(token("two"), "answer-2");
  const ScriptedServer server(
      [](const Asked& asked) {
        const bool second = asks_for_second(asked);
        if (asked.headers.at("authorization") != (second ? "Bearer two" : "Bearer one")) {
          return status_reply(401, "Unauthorized", "Unauthorized");
        }
        return page_of_two(second);
      },
      &pki.server);
  Connection connection = pki.trusted(server);
  connection.plugin = counting.plugin();
  check_both_pages(connection);
  CHECK(counting.runs() == 2);
}

TEST_CASE("a token file that is renewed between two pages is read again, and the list goes on") {
  const Pki pki;
  std::string folder = (std::filesystem::temp_directory_path() / "posture-token-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/token";
  std::ofstream(path) << "one";
  std::size_t refused = 0;
  const ScriptedServer server(
      [&](const Asked& asked) {
        const bool second = asks_for_second(asked);
        if (second) std::ofstream(path) << "two";
        if (asked.headers.at("authorization") != (second ? "Bearer two" : "Bearer one")) {
          ++refused;
          return status_reply(401, "Unauthorized", "Unauthorized");
        }
        return page_of_two(second);
      },
      &pki.server);
  Connection connection = pki.trusted(server);
  connection.token_file = path;
  check_both_pages(connection);
  CHECK(refused == 1);
  std::filesystem::remove_all(folder);
}

TEST_CASE("33: a 401 asks the plugin once more, and the scan goes on") {
  const Pki pki;
  const CountingPlugin counting;
  counting.say(token("old"), "answer-1");
  counting.say(token("good"));
  const ScriptedServer server(only("good"), &pki.server);
  Connection connection = pki.trusted(server);
  connection.plugin = counting.plugin();
  const std::unique_ptr<posture::Source> source = client(connection);
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
  CHECK(counting.runs() == 2);
  CHECK(server.log().size() == 3);
}

TEST_CASE("34: a 401 that stays ends the run after one refresh, however many reads are under way") {
  const Pki pki;
  const CountingPlugin counting;
  counting.say(token("old"), "answer-1");
  counting.say(token("bad"));
  const ScriptedServer server(only("good"), &pki.server);
  Connection connection = pki.trusted(server);
  connection.plugin = counting.plugin();
  RecordingSink sink(4);
  const std::vector<posture::ListRequest> requests(4, {{"", "v1", "pods", "Pod", true}, ""});
  const auto error = failure([&] { client(connection)->list(requests, sink); });
  CHECK(error.first == ErrorKind::credentials);
  CHECK_THAT(error.second, Catch::EndsWith("(401: Unauthorized); log in again, so that the credential plugin sh hands "
                                           "out others"));
  CHECK(counting.runs() == 2);

  const CountingPlugin constant;
  constant.say(token("same"));
  connection.plugin = constant.plugin();
  CHECK(failure([&] { client(connection)->get({"/x"}); }).first == ErrorKind::credentials);
  CHECK(constant.runs() == 2);
}

TEST_CASE("a plugin that fails ends the run") {
  const Pki pki;
  const ScriptedServer server(only("good"), &pki.server);
  Connection connection = pki.trusted(server);
  connection.plugin = CountingPlugin().plugin();  // whose folder is gone
  const auto error = failure([&] { client(connection)->about(); });
  CHECK(error.first == ErrorKind::credentials);
  CHECK_THAT(error.second, Catch::StartsWith("credential plugin sh failed with exit code 9"));
  CHECK(server.log().empty());
}

TEST_CASE("35: a new client certificate opens new connections, the old ones are not used again") {
  const Pki pki;
  const CountingPlugin counting;
  counting.say(pair(pki.user), "answer-1");
  counting.say(pair(make_identity({"user 2", "", -3600, 3600, false}, &pki.ca)));
  const ScriptedServer server(
      [](const Asked& asked) { return asked.connection == 0 ? status_reply(401, "Unauthorized", "x") : json("{}"); },
      &pki.server);
  Connection connection = pki.trusted(server);
  connection.plugin = counting.plugin();
  const std::unique_ptr<posture::Source> source = client(connection);
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
  CHECK_FALSE(source->get({"/x"}).gap.has_value());
  CHECK(counting.runs() == 2);
  const std::vector<Asked> log = server.log();
  REQUIRE(log.size() == 3);
  CHECK(log[1].connection == 1);
  CHECK(log[2].connection == 1);
  for (const Asked& asked : log) CHECK(asked.headers.count("authorization") == 0);
}
