// SPDX-License-Identifier: Apache-2.0
// Nothing secret is kept: which values of an object are masked before anything else sees it.
#pragma once

#include "base/arena.h"
#include "posture/value.h"

namespace posture {

/// Rewrites the tree of one object in place. Dropped: managedFields, last-applied-configuration. Masked with as many asterisks as the
/// value has bytes: annotations but for those that steer Kubernetes itself; values of environment variables and headers; arguments and
/// commands but for their flag names (the control plane's mirror pods keep theirs: they are what we check); driver options and
/// parameters; all of a URL but scheme and host; paths of probes and hooks; data of ConfigMaps and Secrets; messages. Idempotent.
void redact(Node& object, Arena& arena);

}  // namespace posture
