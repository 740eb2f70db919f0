// SPDX-License-Identifier: Apache-2.0
// What OpenSSL checks beyond libcurl's own rules.
#pragma once

#include <string>

namespace posture {

/// Makes the SSL_CTX at `context` accept only a server certificate with `host` (a name or an IP address) among its
/// subject alternative names: the common name does not count. False when OpenSSL refuses.
bool require_alternative_name(void* context, const std::string& host);

}  // namespace posture
