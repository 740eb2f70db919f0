// SPDX-License-Identifier: Apache-2.0
// Native knowledge that checks ask by name: gathered from objects as they pass, complete when the lists they rest on are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "posture/catalog.h"
#include "posture/cel.h"
#include "posture/inventory.h"

namespace posture {

/// Which lists were read, and how far absence from them proves anything. A list that was not asked for counts as missing.
class Reads {
 public:
  enum class Answer { whole, open, missing };  ///< open: a file set, to which others may add objects
  struct Result {
    Answer answer = Answer::missing;
    std::optional<std::uint32_t> gap = {};  ///< index in Assessment::gaps, of what is not whole
  };
  void add(const KindName& kind, const std::string& ns, Result result) { reads_[{kind, ns}] = result; }
  /// For one namespace, or for all (`ns` empty). Where the list of all is missing, the namespace's own counts.
  Result look_up(const KindName& kind, std::string_view ns) const;

 private:
  std::map<std::pair<KindName, std::string>, Result> reads_;
};

/// A variable of checks and the kinds whose lists it rests on. The index in fact_declarations() identifies it.
struct Facts;
struct FactQuery {
  const Facts& facts;
  const Reads& reads;
  const Object& object;
  const Workload* workload;  ///< nullptr for kinds without a pod template
  cel::Scratch& scratch;
};
struct FactDeclaration {
  const char* name;
  cel::Type type;
  std::vector<KindName> reads;
  /// The value, or Datum::unknown with `gap` set to the read that is missing.
  cel::Datum (*value)(const FactQuery& query, std::optional<std::uint32_t>& gap);
};
std::span<const FactDeclaration> fact_declarations();

/// A running API server whose flags are known: the one that answered /flagz, or a mirror pod.
struct ApiServer {
  ObjectName name;
  std::map<std::string, std::string, std::less<>>
      flags;  ///< effective or explicit values, dashes, lists comma-joined; empty values left out
  std::set<std::string> addresses;  ///< it keeps among those of the service `kubernetes`; empty: unknown
};
/// From the JSON of /flagz (config.k8s.io Flagz); nullopt when it is not that.
std::optional<ApiServer> api_server_from_flagz(Value flagz, const std::string& server);
/// From the mirror pod of kube-apiserver; nullopt for other pods.
std::optional<ApiServer> api_server_from_pod(const Object& pod, const Workload& workload);
/// Where the cluster's API servers are, each of which keeps its own address there: from the EndpointSlice default/kubernetes.
std::set<std::string> api_server_addresses(Value endpoint_slice);

/// What was gathered. Contributions of several threads are merged; the order does not matter.
struct Facts {
  struct Isolation {
    bool isolates_ingress = false, isolates_egress = false;  // a policy selects all pods …
    bool allows_all_ingress = false, allows_all_egress = false;  // … or lets everything through to all of them
  };
  std::map<std::string, Isolation, std::less<>> isolation;  // by namespace
  std::map<std::pair<std::string, std::string>, std::optional<bool>> automount;  // service accounts by namespace, name
  std::set<std::tuple<std::string, std::string, std::string>>
      bound_roles;  // kind, namespace ("" for ClusterRole), name
  std::vector<ApiServer> api_servers;
  Owners owners;

  void add(const Object& object);
  void merge(const Facts& other);
};
/// Whether facts are gathered from objects of this kind.
bool feeds_facts(const KindName& kind);

}  // namespace posture
