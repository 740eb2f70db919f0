// SPDX-License-Identifier: Apache-2.0
// The certificate authorities of this machine, where the environment names others than usual.
#pragma once

#include <string>

#include "posture/kubeconfig.h"

namespace posture {

/// As Go's crypto/x509: the certificates in $SSL_CERT_FILE, else the usual bundle, and those in the folders of
/// $SSL_CERT_DIR, else the usual ones. "" when neither variable is set. Throws Error(config) when they hold none.
std::string system_roots(const ConnectionOptions& options);

}  // namespace posture
