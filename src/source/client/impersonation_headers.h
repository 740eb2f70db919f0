// SPDX-License-Identifier: Apache-2.0
// How a request says whom we act as (client-go transport/round_trippers.go).
#pragma once

#include <string>
#include <vector>

#include "posture/kubeconfig.h"

namespace posture {

/// Whole header lines in libcurl's form, where "Name;" is a header without a value.
std::vector<std::string> impersonation_headers(const Impersonation& whom);

}  // namespace posture
