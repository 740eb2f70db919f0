// SPDX-License-Identifier: Apache-2.0
// What the server serves: aggregated discovery (KEP-3352), or the classic one of older servers and proxies.
#pragma once

#include "posture/source.h"
#include "source/client/fetch.h"

namespace posture {

/// Listable resources, each group-resource once: in the group's preferred version if it is there, else in the first
/// that has it. A group that is stale, refused or broken becomes a Gap. Throws as fetch does.
Discovery discover_resources(Session& session);

}  // namespace posture
