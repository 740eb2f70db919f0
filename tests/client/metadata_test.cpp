// SPDX-License-Identifier: Apache-2.0
// Lists of which only metadata is wanted; of Secrets nothing else is ever asked for or taken.
#include <catch2/catch.hpp>

#include "fixtures.h"
#include "recording_sink.h"

namespace {

const posture::Resource kSecrets{"", "v1", "secrets", "Secret", true};
const posture::Resource kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};
const std::string kMetadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

const std::string kMetadata =
    R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"1"},"items":[)"
    R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a"}},)"
    R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"b"}}]})";

std::string whole(const std::string& kind) {
  return R"({"kind":")" + kind +
         R"(List","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"a"},"data":{"k":"djIzeQ=="}}]})";
}

RecordingSink::List read(const ScriptedServer& server, const posture::Resource& resource, bool metadata_only = true) {
  RecordingSink sink(1);
  const posture::ListRequest request{resource, "", metadata_only};
  client(to(server))->list({&request, 1}, sink);
  REQUIRE(sink.lists[0].ends == 1);
  return sink.lists[0];
}

std::string accepted(const ScriptedServer& server) { return server.log().front().headers.at("accept"); }

}  // namespace

TEST_CASE("90: Secrets are asked for as metadata and nothing else, whatever the caller wants") {
  const ScriptedServer server([](const Asked&) { return json(kMetadata); });
  for (const bool metadata_only : {true, false}) {
    const RecordingSink::List list = read(server, kSecrets, metadata_only);
    CHECK(list.names == std::vector<std::string>{"a", "b"});
    CHECK_FALSE(list.gap);
  }
  for (const Asked& asked : server.log()) CHECK(asked.headers.at("accept") == kMetadataOnly);
}

TEST_CASE("90: a server without that form leaves Secrets unread, and is not asked for another") {
  const ScriptedServer server([](const Asked&) { return status_reply(406, "NotAcceptable", "only application/json"); });
  const RecordingSink::List list = read(server, kSecrets);
  REQUIRE(list.gap);
  CHECK(list.gap->reason == GapReason::unavailable);
  CHECK(list.gap->message == "the server answered 406: only application/json");
  CHECK(server.log().size() == 1);
}

TEST_CASE("90: Secrets that come whole are not taken, not even the first") {
  const std::string early = whole("Secret");
  const std::string late = R"({"items":[{"metadata":{"name":"a"},"data":{"k":"djIzeQ=="}}],"metadata":{},)"
                           R"("kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1"})";
  for (const std::string& body : {early, late}) {
    INFO(body);
    const ScriptedServer server([&](const Asked&) { return json(body); });
    const RecordingSink::List list = read(server, kSecrets);
    CHECK(list.names.empty());
    REQUIRE(list.gap);
    CHECK(list.gap->reason == GapReason::malformed);
    CHECK(list.gap->message == "the server sent whole objects where only metadata was asked for; they were not read");
    CHECK(server.log().size() == 1);
  }
}

TEST_CASE("90: an empty list of whole Secrets is no list of metadata either") {
  const ScriptedServer server(
      [](const Asked&) { return json(R"({"kind":"SecretList","apiVersion":"v1","metadata":{},"items":[]})"); });
  CHECK(read(server, kSecrets).gap);
}

TEST_CASE("of other kinds metadata is asked for first, and whole objects are as good") {
  for (const std::string& body : {kMetadata, whole("ConfigMap")}) {
    INFO(body);
    const ScriptedServer server([&](const Asked&) { return json(body); });
    const RecordingSink::List list = read(server, kConfigMaps);
    CHECK(list.names.front() == "a");
    CHECK_FALSE(list.gap);
    CHECK(accepted(server) == kMetadataOnly + ",application/json");
  }
}

TEST_CASE("metadata where whole objects were asked for is no answer") {
  const ScriptedServer server([](const Asked&) { return json(kMetadata); });
  const RecordingSink::List list = read(server, kConfigMaps, false);
  REQUIRE(list.gap);
  CHECK(list.gap->reason == GapReason::malformed);
  CHECK(accepted(server) == "application/json");
}
