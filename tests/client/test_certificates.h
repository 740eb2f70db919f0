// SPDX-License-Identifier: Apache-2.0
// Throw-away certificates, made while the test runs.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

struct TestIdentity {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;

  std::string certificate_pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(out.get(), certificate.get());
    return content(out.get());
  }
  /// Encrypted when a pass phrase is given.
  std::string key_pem(const std::string& pass = "") const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PrivateKey(out.get(), key.get(), pass.empty() ? nullptr : EVP_aes_128_cbc(),
                             reinterpret_cast<const unsigned char*>(pass.data()), static_cast<int>(pass.size()),
                             nullptr, nullptr);
    return content(out.get());
  }
  static std::string content(BIO* bio) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }
};

struct CertificateWish {
  std::string common_name = "test";
  std::string alternative_names = "DNS:localhost,IP:127.0.0.1";  // "" for none
  long valid_from = -3600;                                       // seconds from now
  long valid_until = 3600;
  bool is_ca = false;
};

/// Signed by `issuer`, or by itself.
inline TestIdentity make_identity(const CertificateWish& wish, const TestIdentity* issuer = nullptr) {
  static long serial = 1;
  const TestIdentity made{std::shared_ptr<X509>(X509_new(), X509_free),
                          std::shared_ptr<EVP_PKEY>(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free)};
  X509* certificate = made.certificate.get();
  const TestIdentity& signer = issuer == nullptr ? made : *issuer;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.valid_until);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate.get()));
  const auto extend = [&](int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), X509_EXTENSION_free);
    X509_add_ext(certificate, extension.get(), -1);
  };
  if (wish.is_ca) extend(NID_basic_constraints, "critical,CA:TRUE");
  if (!wish.alternative_names.empty()) extend(NID_subject_alt_name, wish.alternative_names);
  X509_sign(certificate, signer.key.get(), nullptr);
  return made;
}
