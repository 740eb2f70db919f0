// SPDX-License-Identifier: Apache-2.0
#include "analysis/network_policy.h"

#include <algorithm>

namespace posture {

namespace {

bool selects_all_pods(Value selector) {
  return selector["matchLabels"].size() == 0 && selector["matchExpressions"].size() == 0;
}

bool has_type(Value spec, std::string_view type, bool without_types) {
  const Value types = spec["policyTypes"];
  if (types.size() == 0) return without_types;
  return std::any_of(types.elements().begin(), types.elements().end(),
                     [type](const Node& node) { return Value(&node).text() == type; });
}

bool is_everywhere(const Node& peer) {
  const Value block = Value(&peer)["ipBlock"];
  const std::string_view cidr = block["cidr"].text();
  return (cidr == "0.0.0.0/0" || cidr == "::/0") && block["except"].size() == 0;
}

/// A rule without ports and without peers, or with a peer that is every address.
bool allows_all(Value rules, std::string_view peers) {
  return std::any_of(rules.elements().begin(), rules.elements().end(), [peers](const Node& node) {
    const Value rule(&node);
    const std::span<const Node> list = rule[peers].elements();
    return rule["ports"].size() == 0 && (list.empty() || std::any_of(list.begin(), list.end(), is_everywhere));
  });
}

}  // namespace

void add_network_policy(const Object& policy, Facts& facts) {
  const Value spec = policy.root["spec"];
  if (!selects_all_pods(spec["podSelector"])) return;
  Facts::Isolation& isolation = facts.isolation[std::string(policy.ns)];
  if (has_type(spec, "Ingress", true)) {
    isolation.isolates_ingress = true;
    isolation.allows_all_ingress |= allows_all(spec["ingress"], "from");
  }
  if (has_type(spec, "Egress", spec["egress"].size() > 0)) {
    isolation.isolates_egress = true;
    isolation.allows_all_egress |= allows_all(spec["egress"], "to");
  }
}

}  // namespace posture
