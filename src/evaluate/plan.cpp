// SPDX-License-Identifier: Apache-2.0
#include "evaluate/plan.h"

#include <algorithm>
#include <set>

#include "posture/analysis.h"
#include "posture/error.h"

namespace posture {

namespace {

const KindName kApiServer = {"", kApiServerKind};
const KindName kPod = {"", "Pod"};

constexpr const char* kSecretsWithheld =
    "Secrets are read only with --include-secrets, and even then without their contents";

/// Kinds that tell who owns a pod; read whenever pods are, so that findings land on what the user can change.
const KindName kOwnerKinds[] = {{"apps", "ReplicaSet"}, {"batch", "Job"}};

class Planner {
 public:
  Planner(const Discovery& discovery, const Scope& scope, bool whole_cluster)
      : discovery_(discovery),
        scope_(scope),
        whole_cluster_(whole_cluster) {}

  Plan plan(const Catalog& catalog) {
    for (CompiledCheck& check : compile_checks(catalog)) {
      if (in_scope(check)) plan_.checks.push_back(std::move(check));
    }
    plan_.check_count = catalog.checks.size();
    for (const CompiledCheck& check : plan_.checks) add(check);
    if (ranks_.contains(kPod)) {
      for (const KindName& kind : kOwnerKinds) ranks_.try_emplace(kind, 0);
    }
    rank();
    for (const auto& [kind, rank] : ranks_) add_lists(kind, rank);
    add_unknown_groups();
    return std::move(plan_);
  }

 private:
  /// Namespaced scans leave cluster-scoped kinds out.
  bool in_scope(const KindName& kind) const {
    if (scope_.namespaces.empty()) return true;
    const Resource* resource = discovery_.find(kind.group, kind.kind);
    if (resource != nullptr) return resource->namespaced;
    return kind != kApiServer && discovery_gap(kind) != nullptr && usual_resource(kind.group, "", kind.kind).namespaced;
  }
  bool in_scope(const CompiledCheck& check) const {
    const std::vector<KindName>& kinds = check.check->match;
    return std::any_of(kinds.begin(), kinds.end(), [this](const KindName& kind) { return in_scope(kind); });
  }

  void add(const CompiledCheck& check) {
    for (const KindName& kind : check.check->match) {
      if (kind == kApiServer) {
        plan_.api_server.push_back(&check);
        ranks_.try_emplace(kPod, 0);
        continue;
      }
      if (!in_scope(kind)) continue;
      if (kind == kSecret && whole_cluster_ && scope_.secrets && !check.only_metadata) {
        plan_.content_checks.push_back(check.index);
        continue;
      }
      plan_.by_kind[kind].push_back(&check);
      ranks_.try_emplace(kind, 0);
      for (const KindName& read : check.fact_reads) {
        if (!in_scope(read)) continue;
        ranks_.try_emplace(read, 0);
        plan_.fact_kinds.insert(read);
        after_.emplace(kind, read);
      }
    }
  }

  /// A kind is listed after all kinds that its checks ask facts of.
  void rank() {
    for (std::size_t round = 0; round <= ranks_.size(); ++round) {
      bool changed = false;
      for (const auto& [kind, read] : after_) {
        const std::size_t least = ranks_[read] + 1;
        if (ranks_[kind] >= least) continue;
        ranks_[kind] = least;
        changed = true;
      }
      if (!changed) return;
    }
    throw Error(ErrorKind::input, "the facts that checks ask form a circle of kinds; one of them must do without");
  }

  /// Whether the bodies of these objects are worth nothing: neither to a check nor to a fact.
  bool needs_only_metadata(const KindName& kind) const {
    const auto checks = plan_.by_kind.find(kind);
    if (!whole_cluster_ || checks == plan_.by_kind.end() || feeds_facts(kind)) return false;
    return std::all_of(checks->second.begin(), checks->second.end(),
                       [](const CompiledCheck* check) { return check->only_metadata; });
  }

  void add_lists(const KindName& kind, std::size_t rank) {
    if (kind == kSecret && whole_cluster_ && !scope_.secrets) {
      plan_.unreadable.emplace(kind, Gap{"secrets", "", 0, GapReason::withheld, kSecretsWithheld, false});
      return;
    }
    const Resource* resource = discovery_.find(kind.group, kind.kind);
    if (resource == nullptr) {
      if (whole_cluster_) {
        plan_.unreadable.emplace(kind, missing(kind));
      } else {
        plan_.unlisted.push_back(kind);
      }
      return;
    }
    if (plan_.waves.size() <= rank) plan_.waves.resize(rank + 1);
    std::vector<std::string> namespaces = scope_.namespaces;
    if (namespaces.empty()) namespaces.emplace_back();
    const bool metadata_only = needs_only_metadata(kind);
    for (const std::string& ns : namespaces) plan_.waves[rank].push_back({{*resource, ns, metadata_only}, kind});
  }

  /// Why a kind of this group may be served although discovery did not say so; nullptr: it would have.
  const Gap* discovery_gap(const KindName& kind) const {
    const bool core = kind.group.empty();
    const auto hides = [&](const Gap& gap) {
      return gap.resource == (core ? "core" : kind.group) || gap.resource == (core ? "/api" : "/apis");
    };
    const auto found = std::find_if(discovery_.gaps.begin(), discovery_.gaps.end(), hides);
    return found == discovery_.gaps.end() ? nullptr : &*found;
  }

  void add_unknown_groups() {
    for (const Gap& gap : discovery_.gaps) {
      if (told_.contains(&gap)) continue;
      plan_.unknown_groups.push_back(gap);
      if (!gap.resource.starts_with('/')) plan_.unknown_groups.back().resource.insert(0, "*.");
    }
  }

  Gap missing(const KindName& kind) {
    const Gap* gap = discovery_gap(kind);
    told_.insert(gap);
    if (gap == nullptr) {
      return {to_string(kind), "", 404, GapReason::not_served, "the server does not serve this kind", false};
    }
    Gap mine = *gap;
    mine.resource = to_string(kind);
    return mine;
  }

  const Discovery& discovery_;
  const Scope& scope_;
  const bool whole_cluster_;
  Plan plan_;
  std::map<KindName, std::size_t> ranks_;
  std::set<std::pair<KindName, KindName>> after_;
  std::set<const Gap*> told_;  // of discovery: those that stand for a kind
};

}  // namespace

std::set<KindName> needed_kinds(const std::vector<CompiledCheck>& checks) {
  std::set<KindName> kinds;
  for (const CompiledCheck& check : checks) {
    kinds.insert(check.check->match.begin(), check.check->match.end());
    kinds.insert(check.fact_reads.begin(), check.fact_reads.end());
  }
  if (kinds.erase(kApiServer) > 0) kinds.insert(kPod);
  if (kinds.contains(kPod)) kinds.insert(std::begin(kOwnerKinds), std::end(kOwnerKinds));
  return kinds;
}

Plan make_plan(const Catalog& catalog, const Discovery& discovery, const Scope& scope, bool whole_cluster) {
  return Planner(discovery, scope, whole_cluster).plan(catalog);
}

}  // namespace posture
