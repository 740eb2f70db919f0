// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "base/json.h"
#include "posture/inventory.h"

using namespace posture;

namespace {

std::string read(const std::string& object, const Resource& resource = {"", "v1", "pods", "Pod", true}) {
  JsonParser parser;
  Node* root = parser.parse_copy(object);
  REQUIRE(root != nullptr);
  const std::optional<Object> read = read_object(*root, resource, parser.arena());
  REQUIRE(read);
  std::string text;
  write_json(read->root, text);
  return text;
}

std::string pod_with(const std::string& container) {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{)" + container + "}]}}";
}

}  // namespace

TEST_CASE("what may be secret is masked to its length") {
  struct Row {
    const char *given, *kept;
  };
  const auto row = GENERATE(values<Row>({
      {R"("env":[{"name":"PASSWORD","value":"s3cret"}])", R"("env":[{"name":"PASSWORD","value":"******"}])"},
      {R"("env":[{"name":"A","value":""},{"name":"B","valueFrom":{"secretKeyRef":{"name":"s"}}}])",
       R"("env":[{"name":"A","value":""},{"name":"B","valueFrom":{"secretKeyRef":{"name":"s"}}}])"},
      {R"("args":["--token=s3cret","--verbose","plain","-pS3CRET","--S3CRET"])",
       R"("args":["--token=******","--verbose","*****","-p******","--******"])"},
      {R"("command":["/bin/sh","-c","echo s3cret"])", R"("command":["*******","-c","***********"])"},
      {R"("livenessProbe":{"httpGet":{"httpHeaders":[{"name":"Authorization","value":"s3cret"}]}})",
       R"("livenessProbe":{"httpGet":{"httpHeaders":[{"name":"Authorization","value":"******"}]}})"},
      {R"("livenessProbe":{"httpGet":{"path":"/health?token=s3cret"}})",
       R"("livenessProbe":{"httpGet":{"path":"********************"}})"},
      {R"("x":"https://me:s3cret@host/a?b=s3cret")", R"("x":"https://*********@host/**********")"},
      {R"("x":"https://host/a@b")", R"("x":"https://host/***")"},
      {R"("x":"https://host:8080")", R"("x":"https://host:8080")"},
      {R"("lifecycle":{"preStop":{"exec":{"command":["s3cret"]}}})",
       R"("lifecycle":{"preStop":{"exec":{"command":["******"]}}})"},
  }));
  CHECK(read(pod_with(row.given)) == pod_with(row.kept));
  CHECK(read(pod_with(row.kept)) == pod_with(row.kept));
}

TEST_CASE("annotations outside Kubernetes' domains are masked, the copy of the object is dropped") {
  CHECK(
      read(
          R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","managedFields":[1],"annotations":{)"
          R"("kubectl.kubernetes.io/last-applied-configuration":"s3cret","vault.io/token":"s3cret","kubernetes.io.evil/x":"s3cret",)"
          R"("container.apparmor.security.beta.kubernetes.io/app":"unconfined"}},"spec":{}})") ==
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":{"vault.io/token":"******","kubernetes.io.evil/x":"******",)"
      R"("container.apparmor.security.beta.kubernetes.io/app":"unconfined"}},"spec":{}})");
}

TEST_CASE("annotations are masked wherever an object has metadata") {
  CHECK(
      read(
          R"({"metadata":{"name":"a"},"spec":{"volumeClaimTemplates":[{"metadata":{"annotations":{"x/y":"s3cret"}}}]}})",
          {"apps", "v1", "statefulsets", "StatefulSet", true})
          .find("s3cret") == std::string::npos);
}

TEST_CASE("config data and status messages are masked, in known and unknown kinds") {
  CHECK(read(R"({"metadata":{"name":"a"},"data":{"k":"s3cret"}})", {"", "v1", "configmaps", "ConfigMap", true}) ==
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"******"}})");
  CHECK(read(R"({"metadata":{"name":"a"},"status":{"conditions":[{"message":"s3cret"}]}})",
             {"", "v1", "nodes", "Node", false}) ==
        R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"a"},"status":{"conditions":[{"message":"******"}]}})");
  CHECK(read(R"({"metadata":{"name":"a"},"spec":{"x":{"containers":[{"env":[{"name":"A","value":"s3cret"}]}]}}})",
             {"argoproj.io", "v1", "rollouts", "Rollout", true})
            .find("s3cret") == std::string::npos);
}

TEST_CASE("the control plane's mirror pods keep their flags") {
  const std::string kept =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"kube-system","annotations":)"
      R"({"kubernetes.io/config.mirror":"x"}},"spec":{"containers":[{"name":"kube-apiserver","command":["--profiling=false"]}]}})";
  CHECK(read(kept) == kept);
}

TEST_CASE("list items get the kind of their list; what has no name is no object") {
  JsonParser parser;
  Node* root = parser.parse_copy(R"({"metadata":{"name":"a","namespace":"b"},"spec":{}})");
  const std::optional<Object> object =
      read_object(*root, {"apps", "v1", "deployments", "Deployment", true}, parser.arena());
  REQUIRE(object);
  CHECK(object->group == "apps");
  CHECK(object->version == "v1");
  CHECK(object->kind == "Deployment");
  CHECK(object->ns == "b");
  root = parser.parse_copy(R"({"metadata":{}})");
  CHECK_FALSE(read_object(*root, {"", "v1", "pods", "Pod", true}, parser.arena()));
}
