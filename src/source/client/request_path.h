// SPDX-License-Identifier: Apache-2.0
// The paths and queries that the API server knows.
#pragma once

#include <string>
#include <string_view>

#include "posture/source.h"

namespace posture {

/// `text` with everything but unreserved characters percent-encoded (RFC 3986 section 2.3).
std::string percent_encoded(std::string_view text);

/// "/api/v1/namespaces/x/pods?limit=500&continue=…"; `continue_token` as the server gave it, empty for the first page.
std::string list_path(const ListRequest& request, std::size_t limit, const std::string& continue_token);

}  // namespace posture
