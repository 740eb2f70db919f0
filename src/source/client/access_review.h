// SPDX-License-Identifier: Apache-2.0
// What the identity may do, as the server's authorizers say it.
#pragma once

#include <span>
#include <vector>

#include "posture/source.h"
#include "source/client/session.h"

namespace posture {

/// One SelfSubjectAccessReview for each question. Throws as fetch does.
std::vector<Access> review_access(Session& session, std::span<const AccessQuestion> questions);

}  // namespace posture
