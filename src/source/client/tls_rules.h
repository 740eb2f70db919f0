// SPDX-License-Identifier: Apache-2.0
// What OpenSSL checks beyond libcurl's own rules.
#pragma once

namespace posture {

/// Makes the SSL_CTX at `context`, where it verifies at all, refuse a server certificate without any name or address
/// among its subject alternative names: libcurl would compare the common name then. Which of the alternative names must
/// be there stays libcurl's task.
void require_alternative_names(void* context);

}  // namespace posture
