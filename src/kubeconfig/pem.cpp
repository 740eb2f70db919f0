// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/pem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace posture {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

/// Called where a pass phrase is wanted: takes note and refuses, since the default would ask the terminal.
int refuse_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

Bio reader(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

/// The next certificate; null at the end. Blocks of other kinds are skipped, broken ones too.
Certificate next_certificate(BIO* bio) {
  bool asked = false;
  while (BIO_pending(bio) > 0) {
    Certificate certificate(PEM_read_bio_X509(bio, nullptr, refuse_pass_phrase, &asked));
    if (certificate) return certificate;
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (at_end) break;
  }
  return nullptr;
}

std::string content_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

}  // namespace

std::string certificates_in(const std::string& text) {
  const Bio in = reader(text);
  const Bio out(BIO_new(BIO_s_mem()));
  while (const Certificate certificate = next_certificate(in.get())) PEM_write_bio_X509(out.get(), certificate.get());
  return content_of(out.get());
}

std::string client_identity_flaw(const std::string& certificate, const std::string& key) {
  const Bio certificate_in = reader(certificate);
  const Certificate leaf = next_certificate(certificate_in.get());
  if (!leaf) return "the client certificate holds no PEM certificate";
  const Bio key_in = reader(key);
  bool asked = false;
  const Key private_key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, refuse_pass_phrase, &asked));
  ERR_clear_error();
  if (asked) return "the client key is encrypted; store it without a pass phrase";
  if (!private_key) return "the client key holds no PEM private key";
  const bool match = X509_check_private_key(leaf.get(), private_key.get()) == 1;
  ERR_clear_error();
  return match ? "" : "the client key does not belong to the client certificate";
}

}  // namespace posture
