// SPDX-License-Identifier: Apache-2.0
#include "source/client/tls_rules.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "source/client/address.h"

namespace posture {

bool require_alternative_name(void* context, const std::string& host) {
  X509_VERIFY_PARAM* rules = SSL_CTX_get0_param(static_cast<SSL_CTX*>(context));
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_ip_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
  return X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size()) == 1;
}

}  // namespace posture
