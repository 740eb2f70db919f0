// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "posture/analysis.h"

namespace posture {

/// Notes what a NetworkPolicy means for all pods of its namespace (networking.k8s.io/v1: rules are a union; a pod that no policy selects
/// is open; policyTypes missing means Ingress, and Egress only with egress rules).
void add_network_policy(const Object& policy, Facts& facts);

}  // namespace posture
