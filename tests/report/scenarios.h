// SPDX-License-Identifier: Apache-2.0
// Assessments that the report tests share: a small company, and the corners.
#pragma once

#include <string>

#include "../score/sample.h"
#include "posture/report.h"

namespace posture {

inline constexpr const char* kScanTime = "2026-11-03T10:22:31Z";

inline Report report_of(const Sample& sample) {
  return make_report(sample.catalog, sample.assessment, kScanTime, "0.1.0");
}

inline About about_cluster() {
  About about;
  about.version = "v1.37.2";
  about.server = "https://10.20.0.1:6443";
  about.context = "prod-eu-1";
  about.user = "jane@example.org";
  about.groups = {"system:authenticated", "ops"};
  about.uid = "5f2f6e7c-6f5b-4b8c-9d2e-0a1b2c3d4e5f";
  about.kind = "live";
  return about;
}

inline Gap gap_of(const std::string& resource, const std::string& ns, GapReason reason, int status,
                  const std::string& message) {
  Gap gap;
  gap.resource = resource;
  gap.ns = ns;
  gap.reason = reason;
  gap.status = status;
  gap.message = message;
  return gap;
}

inline void add_frameworks(Sample& sample) {
  sample.framework("cis-2.0.1", "CIS Kubernetes Benchmark", "2.0.1").requirements = {
      requirement("1.1.1", {"C-file"}, RequirementKind::node_only),
      requirement("1.2.1", {"C-anonymous-auth-enabled"}),
      requirement("5.1.2", {"C-secrets-readable"}),
      requirement("5.2.2", {"C-privileged-container"}),
      requirement("5.2.3", {"C-host-pid"}),
      requirement("5.3.2", {"C-no-default-deny-ingress"}),
      requirement("5.4.1", {"C-secrets-as-files"}),
      requirement("5.7.1", {}, RequirementKind::manual)};
  sample.framework("pod-security-standards", "Pod Security Standards", "1.37").requirements = {
      requirement("hostNamespaces", {"C-host-pid"}), requirement("privileged", {"C-privileged-container"}),
      requirement("seccompProfile_restricted", {"C-seccomp-missing"})};
}

/// A cluster with things done well and badly, one read refused and one that is not served.
inline Sample company() {
  Sample sample;
  sample.assessment.about = about_cluster();
  sample.assessment.objects_read = 3412;
  const std::uint32_t anonymous =
      sample.check("anonymous-auth-enabled", Severity::low, "API server accepts requests without credentials");
  const std::uint32_t pid = sample.check("host-pid", Severity::high, "Pod shares the process namespace of the node");
  const std::uint32_t deny = sample.check("no-default-deny-ingress", Severity::medium,
                                          "Namespace has no policy that denies incoming traffic by default");
  const std::uint32_t privileged =
      sample.check("privileged-container", Severity::critical, "Container runs privileged");
  const std::uint32_t seccomp = sample.check("seccomp-missing", Severity::medium, "Container has no seccomp profile");
  const std::uint32_t secrets = sample.check("secrets-readable", Severity::high, "Cluster role may read Secrets");

  const std::uint32_t api = sample.object("", "", "APIServer", "APIServer");
  const std::uint32_t reader = sample.object("", "rbac.authorization.k8s.io", "ClusterRole", "reader");
  const std::uint32_t payments = sample.object("", "", "Namespace", "payments");
  const std::uint32_t shop = sample.object("", "", "Namespace", "shop");
  const std::uint32_t agent = sample.object("kube-system", "apps", "DaemonSet", "node-agent");
  const std::uint32_t agent_pod = sample.object("kube-system", "", "Pod", "node-agent-x7k2p");
  const std::uint32_t ledger = sample.object("payments", "apps", "Deployment", "ledger");
  const std::uint32_t web = sample.object("shop", "apps", "Deployment", "web");
  const std::uint32_t report = sample.object("shop", "batch", "CronJob", "report");

  sample.refuse(gap_of("/flagz", "", GapReason::forbidden, 403, "user jane@example.org cannot get path /flagz"),
                {anonymous});
  sample.assessment.gaps.push_back(
      gap_of("gateways.gateway.networking.k8s.io", "", GapReason::not_served, 404, "no such resource"));
  sample.judge(pid, agent, State::fail)->message = "pod shares the node's process namespace";
  Outcome& host_pid = sample.assessment.outcomes.back();
  host_pid.pointer = "/spec/template/spec";
  host_pid.path = "spec.template.spec";
  host_pid.observed = R"({"hostPID":true})";
  for (const std::uint32_t other : {ledger, web, report}) sample.judge(pid, other, State::pass);
  sample.judge(deny, payments, State::pass);
  sample.judge(deny, shop, State::fail)->message =
      "namespace shop lets every pod of the cluster connect to its pods by default";
  for (const std::uint32_t object : {agent, ledger}) {
    Outcome& outcome = *sample.judge(privileged, object, State::fail);
    outcome.message = "container app runs privileged";
    outcome.pointer = "/spec/template/spec/containers/0";
    outcome.path = "spec.template.spec.containers[app]";
    outcome.observed = R"({"securityContext.privileged":true})";
  }
  Outcome& injected = sample.outcome(privileged, ledger, State::fail);
  injected.message = "container proxy runs privileged";
  injected.pointer = "/spec/initContainers/1";
  injected.path = "spec.initContainers[proxy]";
  injected.observed = R"({"securityContext.privileged":true})";
  injected.observed_on = agent_pod;
  injected.observed_count = 3;
  for (const std::uint32_t other : {web, report}) sample.judge(privileged, other, State::pass);
  for (const std::uint32_t object : {ledger, web}) {
    Outcome& outcome = *sample.judge(seccomp, object, State::fail);
    outcome.message = "container app has no seccomp profile";
    outcome.path = "spec.template.spec.containers[app]";
    outcome.pointer = "/spec/template/spec/containers/0";
    outcome.observed = R"({"securityContext.seccompProfile":null})";
  }
  sample.judge(seccomp, agent, State::waived)->message = "node agent needs it; owner platform team, until 2027-01-01";
  sample.judge(seccomp, report, State::not_assessed)->message = "no such key: containers";
  sample.judge(secrets, reader, State::pass);
  (void)api;
  add_frameworks(sample);
  sample.sort();
  return sample;
}

inline Sample nothing() {
  Sample sample;
  sample.assessment.about = about_cluster();
  sample.check("host-pid", Severity::high, "Pod shares the process namespace of the node");
  return sample;
}

/// Manifests in a folder: no server, no identity.
inline Sample files() {
  Sample sample;
  sample.assessment.about.kind = "files";
  sample.assessment.objects_read = 1;
  const std::uint32_t pid = sample.check("host-pid", Severity::high, "Pod shares the process namespace of the node");
  const std::uint32_t deny = sample.check("no-default-deny-ingress", Severity::medium, "Namespace denies nothing");
  const std::uint32_t pod = sample.object("", "", "Pod", "tool");
  Outcome& outcome = *sample.judge(pid, pod, State::fail);
  outcome.message = "pod shares the node's process namespace";
  outcome.file = "deploy/tool.yaml";
  outcome.line = 12;
  sample.refuse(gap_of("networkpolicies.networking.k8s.io", "", GapReason::not_in_files, 0, "manifests cannot show it"),
                {deny});
  sample.sort();
  return sample;
}

/// A user who may read nothing.
inline Sample refused() {
  Sample sample;
  sample.assessment.about = about_cluster();
  sample.assessment.about.tls_verified = false;
  sample.assessment.scope.namespaces = {"payments", "shop"};
  std::vector<std::uint32_t> checks;
  for (int i = 0; i < 6; ++i) {
    checks.push_back(sample.check("check-" + std::to_string(100 + i), static_cast<Severity>(i % 5)));
  }
  for (const char* resource : {"pods", "deployments.apps", "cronjobs.batch"}) {
    for (const std::string& ns : sample.assessment.scope.namespaces) {
      sample.refuse(
          gap_of(resource, ns, GapReason::forbidden, 403, std::string(resource) + " is forbidden: User cannot list"),
          checks);
    }
  }
  add_frameworks(sample);
  sample.sort();
  return sample;
}

/// Everything as it should be.
inline Sample clean() {
  Sample sample;
  sample.assessment.about = about_cluster();
  sample.assessment.objects_read = 1;
  const std::uint32_t check = sample.check("host-pid", Severity::high, "Pod shares the process namespace of the node");
  const std::uint32_t pod = sample.object("default", "", "Pod", "one");
  sample.judge(check, pod, State::pass);
  ObjectState passed;
  passed.object = pod;
  sample.assessment.passed = {passed};
  return sample;
}

/// Names as long as Kubernetes allows, numbers that fill their columns, every state, many frameworks, every warning.
inline Sample huge() {
  Sample sample;
  const std::string longest(253, 'n');
  About& about = sample.assessment.about;
  about = about_cluster();
  about.context = "arn:aws:eks:eu-central-1:123456789012:cluster/" + longest;
  about.server = "https://" + longest + ".gr7.eu-central-1.eks.amazonaws.com:443";
  about.user = "system:serviceaccount:" + longest;
  about.groups.assign(40, longest);
  about.tls_verified = false;
  sample.assessment.objects_read = 123456789;
  sample.assessment.scope.namespaces.assign(30, longest);
  for (int i = 0; i < 300; ++i) {
    const std::string number = std::to_string(1000 + i);
    const std::uint32_t check =
        sample.check("check-" + number + longest, static_cast<Severity>(i % 5), "Title " + longest);
    const std::uint32_t object =
        sample.object("ns-" + number + longest, "example.org", "VeryLongKindOfResource", longest);
    Outcome& outcome = *sample.judge(check, object, State::fail);
    outcome.message = sample.keep("message " + longest);
    outcome.path = sample.keep("spec." + longest);
    sample.tally(check, "ns-" + number + longest, "example.org/VeryLongKindOfResource")
        .count[static_cast<std::size_t>(State::fail)] = 98765432;
    sample.judge(check, object, State::waived);
    sample.judge(check, object, State::not_assessed)->message = sample.keep(longest);
    sample.refuse(gap_of(longest, longest, GapReason::unavailable, 503, longest), {check});
  }
  for (int i = 0; i < 3; ++i) add_frameworks(sample);
  for (Framework& framework : sample.catalog.frameworks) framework.id += longest;
  sample.sort();
  return sample;
}

/// A cluster whose every text attacks the terminal or the reader.
inline Sample hostile() {
  Sample sample;
  const std::string attack = "\x1b]0;owned\x07\x1b[2J\r\n\u202eevil\u009b31m\xff</script>\"\\";
  About& about = sample.assessment.about;
  about = about_cluster();
  about.version = about.server = about.context = about.user = attack;
  about.groups = {attack, "名前", "🙂"};
  const std::uint32_t check = sample.check("host-pid" + attack, Severity::critical, "Title" + attack);
  sample.catalog.checks[check].why = sample.catalog.checks[check].fix = "Text" + attack;
  const std::uint32_t object = sample.object("ns" + attack, "", "Kind" + attack, "name" + attack);
  Outcome& outcome = *sample.judge(check, object, State::fail);
  outcome.message = outcome.path = outcome.pointer = sample.keep("text" + attack);
  outcome.observed = sample.keep("{\"k\u202e\":\"v\\u001b[31m\u009b\"}");
  outcome.observed_on = object;
  outcome.file = sample.keep("file" + attack);
  sample.judge(check, object, State::not_assessed)->message = sample.keep(attack);
  sample.refuse(gap_of("pods" + attack, "ns" + attack, GapReason::malformed, 200, attack), {check});
  sample.framework("f" + attack, attack, attack).requirements = {requirement("1" + attack, {"C-host-pid" + attack})};
  sample.sort();
  return sample;
}

}  // namespace posture
