// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/pem.h"

#include <openssl/asn1t.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <functional>
#include <memory>
#include <set>
#include <string_view>

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

/// A block as it stands in the text: OpenSSL's own memory.
struct Block {
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() {
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
  }
  std::string_view bytes() const { return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)}; }

  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
};

/// False when it is broken, and `at_end` when there is none.
bool read_block(BIO* bio, Block& block, bool& at_end) {
  const bool good = PEM_read_bio(bio, &block.name, &block.header, &block.data, &block.size) == 1;
  at_end = !good && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return good;
}

/// As Go's CertPool: no other name (an OpenSSL "TRUSTED CERTIFICATE" says what it is not trusted for) and no header.
bool is_certificate(const Block& block) {
  return std::string_view(block.name) == PEM_STRING_X509 && *block.header == '\0';
}

// An X.509 certificate as OpenSSL's own d2i_X509 takes it, except that the key stays undecoded: decoding takes nine
// tenths of the time, fails no certificate, and a machine trusts hundreds.
struct PlainKey {
  X509_ALGOR* algorithm;
  ASN1_BIT_STRING* bits;
};
ASN1_SEQUENCE(PlainKey) = {
    ASN1_SIMPLE(PlainKey, algorithm, X509_ALGOR),
    ASN1_SIMPLE(PlainKey, bits, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END(PlainKey);

struct PlainBody {
  ASN1_INTEGER* version;
  ASN1_INTEGER* serial;
  X509_ALGOR* algorithm;
  X509_NAME* issuer;
  X509_VAL* validity;
  X509_NAME* subject;
  PlainKey* key;
  ASN1_BIT_STRING* issuer_id;
  ASN1_BIT_STRING* subject_id;
  STACK_OF(X509_EXTENSION) * extensions;
};
ASN1_SEQUENCE(PlainBody) = {
    ASN1_EXP_OPT(PlainBody, version, ASN1_INTEGER, 0),
    ASN1_SIMPLE(PlainBody, serial, ASN1_INTEGER),
    ASN1_SIMPLE(PlainBody, algorithm, X509_ALGOR),
    ASN1_SIMPLE(PlainBody, issuer, X509_NAME),
    ASN1_SIMPLE(PlainBody, validity, X509_VAL),
    ASN1_SIMPLE(PlainBody, subject, X509_NAME),
    ASN1_SIMPLE(PlainBody, key, PlainKey),
    ASN1_IMP_OPT(PlainBody, issuer_id, ASN1_BIT_STRING, 1),
    ASN1_IMP_OPT(PlainBody, subject_id, ASN1_BIT_STRING, 2),
    ASN1_EXP_SEQUENCE_OF_OPT(PlainBody, extensions, X509_EXTENSION, 3),
} static_ASN1_SEQUENCE_END(PlainBody);

struct PlainCertificate {
  PlainBody* body;
  X509_ALGOR* algorithm;
  ASN1_BIT_STRING* signature;
};
ASN1_SEQUENCE(PlainCertificate) = {
    ASN1_SIMPLE(PlainCertificate, body, PlainBody),
    ASN1_SIMPLE(PlainCertificate, algorithm, X509_ALGOR),
    ASN1_SIMPLE(PlainCertificate, signature, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END(PlainCertificate);

bool parses(const Block& block) {
  const unsigned char* at = block.data;
  ASN1_VALUE* certificate = ASN1_item_d2i(nullptr, &at, block.size, ASN1_ITEM_rptr(PlainCertificate));
  ASN1_item_free(certificate, ASN1_ITEM_rptr(PlainCertificate));
  ERR_clear_error();
  return certificate != nullptr && at == block.data + block.size;
}

}  // namespace

std::string certificates_in(const std::string& text) {
  const Bio in = reader(text);
  const Bio out(BIO_new(BIO_s_mem()));
  std::set<std::string, std::less<>> seen;
  for (bool at_end = false; !at_end && BIO_pending(in.get()) > 0;) {
    Block block;
    if (!read_block(in.get(), block, at_end) || !is_certificate(block)) continue;
    if (!seen.emplace(block.bytes()).second || !parses(block)) continue;  // parsing is what takes long
    PEM_write_bio(out.get(), PEM_STRING_X509, "", block.data, block.size);
  }
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
