// SPDX-License-Identifier: Apache-2.0
// First contact: which server this is, and as whom it knows us.
#pragma once

#include <optional>

#include "posture/source.h"
#include "source/client/session.h"

namespace posture {

/// Fills user and groups from a SelfSubjectReview (v1 since 1.28, v1beta1 before). Why they stay empty, where the server
/// refuses to say. Throws as fetch does.
std::optional<Gap> ask_who_we_are(Session& session, About& about);

/// Version, user, groups and the cluster's uid, each left empty where the server refuses to say. Throws as fetch does.
About introduce(Session& session);

}  // namespace posture
