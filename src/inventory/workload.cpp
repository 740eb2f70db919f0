// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <span>

#include "posture/inventory.h"

namespace posture {

namespace {

/// Where a kind keeps its pod template.
struct WorkloadKind {
  std::string_view group;
  std::string_view kind;
  std::string_view pointer;                 // JSON pointer; "" is the object itself
  std::span<const std::string_view> steps;  // the same as member names
};

constexpr std::array<std::string_view, 2> kTemplate = {"spec", "template"};
constexpr std::array<std::string_view, 4> kJobTemplate = {"spec", "jobTemplate", "spec", "template"};
constexpr std::string_view kTemplatePointer = "/spec/template";

constexpr std::array<WorkloadKind, 8> kWorkloadKinds = {
    {{"", "Pod", "", {}},
     {"", "ReplicationController", kTemplatePointer, kTemplate},
     {"apps", "DaemonSet", kTemplatePointer, kTemplate},
     {"apps", "Deployment", kTemplatePointer, kTemplate},
     {"apps", "ReplicaSet", kTemplatePointer, kTemplate},
     {"apps", "StatefulSet", kTemplatePointer, kTemplate},
     {"batch", "CronJob", "/spec/jobTemplate/spec/template", kJobTemplate},
     {"batch", "Job", kTemplatePointer, kTemplate}}};

const WorkloadKind* find_kind(std::string_view group, std::string_view kind) {
  const auto found = std::find_if(kWorkloadKinds.begin(), kWorkloadKinds.end(),
                                  [&](const WorkloadKind& row) { return row.kind == kind && row.group == group; });
  return found == kWorkloadKinds.end() ? nullptr : &*found;
}

bool has_true_condition(Value status, std::string_view type) {
  const Value conditions = status["conditions"];
  return std::any_of(conditions.elements().begin(), conditions.elements().end(), [type](const Node& node) {
    const Value condition(&node);
    return condition["type"].text() == type && condition["status"].text() == "True";
  });
}

}  // namespace

std::string_view template_pointer(std::string_view group, std::string_view kind) {
  const WorkloadKind* known = find_kind(group, kind);
  return known == nullptr ? kTemplatePointer : known->pointer;
}

bool has_pod_template(std::string_view group, std::string_view kind) { return find_kind(group, kind) != nullptr; }

std::optional<Workload> workload(const Object& object) {
  const WorkloadKind* known = find_kind(object.group, object.kind);
  if (known == nullptr) return std::nullopt;
  Value pod = object.root;
  for (const std::string_view step : known->steps) pod = pod[step];
  if (!pod["spec"].is_map()) return std::nullopt;
  return Workload{pod["metadata"], pod["spec"], known->pointer};
}

bool is_running(const Object& object) {
  const Value status = object.root["status"];
  if (object.kind == "Pod") return status["phase"].text() != "Succeeded" && status["phase"].text() != "Failed";
  if (object.kind == "Job") return !has_true_condition(status, "Complete") && !has_true_condition(status, "Failed");
  const Value replicas = object.root["spec"]["replicas"];
  return object.kind != "ReplicaSet" || !replicas.present() || replicas.integer() > 0;
}

bool is_mirror_pod(const Object& object) {
  return object.kind == "Pod" && object.root["metadata"]["annotations"]["kubernetes.io/config.mirror"].present();
}

}  // namespace posture
