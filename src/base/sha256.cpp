// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "posture/error.h"

namespace posture {

namespace {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view text) {
  // Fetched once, as that takes as long as a short text.
  static const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> kAlgorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                     EVP_MD_free);
  Digest digest;
  if (!kAlgorithm || EVP_Digest(text.data(), text.size(), digest.data(), nullptr, kAlgorithm.get(), nullptr) != 1)
    throw Error(ErrorKind::input, "this machine's OpenSSL does not offer SHA-256");
  return digest;
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * sizeof(Digest));
  for (const unsigned char byte : sha256(text)) {
    hex.push_back(kHex[byte >> 4]);
    hex.push_back(kHex[byte & 15]);
  }
  return hex;
}

}  // namespace posture
