// SPDX-License-Identifier: Apache-2.0
// Nothing secret is kept: which values of an object are masked before anything else sees it.
#pragma once

#include "base/arena.h"
#include "posture/value.h"

namespace posture {

/// Rewrites the tree of one object in place. Dropped: managedFields, last-applied-configuration. Masked with as many asterisks as the
/// value has bytes: values of annotations outside Kubernetes' own domains, env values, arguments and commands (but for their flag names, and
/// but for the control plane's mirror pods, whose flags are what we check), probe headers and commands, driver options, data of
/// ConfigMaps and Secrets, messages in status. Idempotent.
void redact(Node& object, Arena& arena);

}  // namespace posture
