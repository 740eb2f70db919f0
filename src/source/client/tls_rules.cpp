// SPDX-License-Identifier: Apache-2.0
#include "source/client/tls_rules.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace posture {
namespace {

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

bool has_alternative_name(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const int type = sk_GENERAL_NAME_value(names.get(), i)->type;
    if (type == GEN_DNS || type == GEN_IPADD) return true;
  }
  return false;
}

int verify(int good, X509_STORE_CTX* chain) {
  if (good == 0 || X509_STORE_CTX_get_error_depth(chain) != 0) return good;
  if (has_alternative_name(X509_STORE_CTX_get_current_cert(chain))) return good;
  X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
  return 0;
}

}  // namespace

void require_alternative_names(void* context) {
  auto* rules = static_cast<SSL_CTX*>(context);
  const int mode = SSL_CTX_get_verify_mode(rules);
  if (mode != SSL_VERIFY_NONE) SSL_CTX_set_verify(rules, mode, verify);
}

}  // namespace posture
