// SPDX-License-Identifier: Apache-2.0
// First contact: which server this is, and as whom it knows us.
#pragma once

#include "posture/source.h"
#include "source/client/session.h"

namespace posture {

/// Version, user, groups and the cluster's uid, each left empty where the server refuses to say. Throws as fetch does.
About introduce(Session& session);

}  // namespace posture
