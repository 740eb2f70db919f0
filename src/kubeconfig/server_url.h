// SPDX-License-Identifier: Apache-2.0
// The server URL of a kubeconfig, checked and brought to one shape.
#pragma once

#include <string>
#include <string_view>

namespace posture {

/// "https://host:port/prefix" or http, without trailing slash, query and fragment. Throws Error(config) with `where`
/// when there is no scheme (kubectl would speak plain http), a user name, no host, a bad port or a character that no
/// URL has.
std::string normal_server_url(const std::string& url, const std::string& where);

/// Whether `text` is host, host:port, [v6] or [v6]:port.
bool is_authority(std::string_view text);

bool is_plain_http(const std::string& server);

}  // namespace posture
