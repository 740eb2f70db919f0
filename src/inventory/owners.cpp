// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "posture/inventory.h"

namespace posture {

namespace {

constexpr int kMaxOwners = 8;              // longer chains are a loop
constexpr std::size_t kMinScheduleDigits = 8;  // a CronJob appends the schedule's minute since the epoch

ObjectName owner_identity(Value reference, std::string_view ns) {
  const ApiVersion type = parse_api_version(reference["apiVersion"].text());
  ObjectName owner;
  owner.group = type.group;
  owner.version = type.version;
  owner.kind = reference["kind"].text();
  owner.name = reference["name"].text();
  owner.ns = ns;
  return owner;
}

std::optional<ObjectName> implied_deployment(const ObjectName& set, Value labels) {
  const std::string suffix = "-" + std::string(labels["pod-template-hash"].text());
  if (suffix.size() == 1 || !set.name.ends_with(suffix)) return std::nullopt;
  return ObjectName{set.ns, "apps", "Deployment", set.name.substr(0, set.name.size() - suffix.size()), set.version};
}

std::optional<ObjectName> implied_cron_job(const ObjectName& job) {
  const std::size_t dash = job.name.rfind('-');
  if (dash == std::string::npos || job.name.size() - dash - 1 < kMinScheduleDigits) return std::nullopt;
  const bool digits = std::all_of(job.name.begin() + static_cast<std::ptrdiff_t>(dash) + 1, job.name.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return std::nullopt;
  return ObjectName{job.ns, "batch", "CronJob", job.name.substr(0, dash), job.version};
}

}  // namespace

std::optional<Owner> controller(const Object& object) {
  const Value references = object.root["metadata"]["ownerReferences"];
  for (const Node& node : references.elements()) {
    const Value reference(&node);
    if (!reference["controller"].boolean() || reference["kind"].text() == "Node") continue;
    Owner owner{owner_identity(reference, object.ns), std::nullopt};
    if (owner.direct.kind == "ReplicaSet")
      owner.implied = implied_deployment(owner.direct, object.root["metadata"]["labels"]);
    if (owner.direct.kind == "Job" && owner.direct.group == "batch") owner.implied = implied_cron_job(owner.direct);
    return owner;
  }
  return std::nullopt;
}

void Owners::add(const Object& object) {
  const std::optional<Owner> owner = controller(object);
  if (object.kind == "Pod") {
    if (owner && owner->implied) implied_.try_emplace(owner->direct, *owner->implied);
    return;
  }
  known_.insert_or_assign(name_of(object), owner ? std::optional<ObjectName>(owner->direct) : std::nullopt);
}

void Owners::merge(const Owners& other) {
  known_.insert(other.known_.begin(), other.known_.end());
  implied_.insert(other.implied_.begin(), other.implied_.end());
}

const ObjectName* Owners::owner(const ObjectName& child) const {
  const auto known = known_.find(child);
  if (known != known_.end()) {
    const std::optional<ObjectName>& owner = known->second;
    return owner ? &*owner : nullptr;
  }
  const auto implied = implied_.find(child);
  return implied == implied_.end() ? nullptr : &implied->second;
}

const ObjectName& Owners::top(const ObjectName& child) const {
  const ObjectName* top = &child;
  for (int steps = 0; steps < kMaxOwners; ++steps) {
    const ObjectName* next = owner(*top);
    if (next == nullptr) break;
    top = next;
  }
  return *top;
}

}  // namespace posture
