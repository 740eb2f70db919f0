// SPDX-License-Identifier: Apache-2.0
#include "source/client/certificates.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <string_view>

#include "base/ip_address.h"
#include "base/text.h"

namespace posture {
namespace {

constexpr std::size_t kMaxNameBytes = 300;
constexpr int kMaxNames = 50;
constexpr int kMaxCertificates = 20;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string text_of(const X509_NAME* name) {
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return printable(std::string_view(bytes, static_cast<std::size_t>(size)), kMaxNameBytes);
}

std::chrono::system_clock::time_point time_of(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string address_of(const ASN1_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(bytes) != 16) return "";
  return inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size()) == nullptr ? "" : text.data();
}

std::vector<std::string> names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Free> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> names;
  for (int i = 0; i < std::min(sk_GENERAL_NAME_num(all.get()), kMaxNames); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.push_back(printable(text_of(name->d.dNSName), kMaxNameBytes));
    if (name->type == GEN_IPADD) names.push_back(address_of(name->d.iPAddress));
  }
  return names;
}

Certificate describe(const X509* certificate) {
  return {text_of(X509_get_subject_name(certificate)), text_of(X509_get_issuer_name(certificate)),
          names_of(certificate), time_of(X509_get0_notBefore(certificate)), time_of(X509_get0_notAfter(certificate))};
}

struct FlawRow {
  int error;
  TrustFlaw flaw;
};
constexpr std::array kFlaws = {
    FlawRow{X509_V_OK, TrustFlaw::none},
    FlawRow{X509_V_ERR_CERT_HAS_EXPIRED, TrustFlaw::expired},
    FlawRow{X509_V_ERR_CERT_NOT_YET_VALID, TrustFlaw::not_yet_valid},
    FlawRow{X509_V_ERR_HOSTNAME_MISMATCH, TrustFlaw::other_host},
    FlawRow{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, TrustFlaw::unknown_issuer},
    FlawRow{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, TrustFlaw::unknown_issuer},
    FlawRow{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, TrustFlaw::unknown_issuer},
    FlawRow{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, TrustFlaw::unknown_issuer},
    FlawRow{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, TrustFlaw::unknown_issuer},
    FlawRow{X509_V_ERR_CERT_SIGNATURE_FAILURE, TrustFlaw::unknown_issuer},
};

TrustFlaw flaw_of(int error) {
  const auto* row =
      std::find_if(kFlaws.begin(), kFlaws.end(), [&](const FlawRow& each) { return each.error == error; });
  return row == kFlaws.end() ? TrustFlaw::other : row->flaw;
}

bool is_for(X509* certificate, const std::string& host) {
  if (is_ip_address(host)) return X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
  return X509_check_host(certificate, host.c_str(), host.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
}

/// After the chain was judged.
ServerCertificates seen_in(X509_STORE_CTX* chain, bool trusted, const std::string& host) {
  ServerCertificates seen;
  const auto* line = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  seen.protocol = SSL_get_version(line);
  STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(chain);
  for (int i = 0; i < std::min(sk_X509_num(sent), kMaxCertificates); ++i) {
    seen.sent.push_back(describe(sk_X509_value(sent, i)));
  }
  const STACK_OF(X509)* built = X509_STORE_CTX_get0_chain(chain);
  if (trusted && sk_X509_num(built) > 0) {
    seen.anchor = text_of(X509_get_subject_name(sk_X509_value(built, sk_X509_num(built) - 1)));
  }
  seen.flaw = trusted ? TrustFlaw::none : flaw_of(X509_STORE_CTX_get_error(chain));
  if (const X509* flawed = X509_STORE_CTX_get_current_cert(chain); !trusted && flawed != nullptr) {
    seen.flawed = describe(flawed);
  }
  if (trusted && !is_for(X509_STORE_CTX_get0_cert(chain), host)) seen.flaw = TrustFlaw::other_host;
  return seen;
}

int judge(X509_STORE_CTX* chain, void* user) {
  const int good = X509_verify_cert(chain);
  auto& watch = *static_cast<CertificateWatch*>(user);
  watch.seen = seen_in(chain, good == 1, watch.host);
  return good;
}

}  // namespace

Certificate read_certificate(const std::string& pem) {
  const std::unique_ptr<BIO, Free> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<X509, Free> certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate ? describe(certificate.get()) : Certificate{};
}

void watch_certificates(void* context, CertificateWatch& watch) {
  SSL_CTX_set_cert_verify_callback(static_cast<SSL_CTX*>(context), judge, &watch);
}

}  // namespace posture
