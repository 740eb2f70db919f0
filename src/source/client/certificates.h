// SPDX-License-Identifier: Apache-2.0
// What certificates say, for people: ours, and those that a server shows.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace posture {

/// All text is printable.
struct Certificate {
  std::string subject;  ///< "CN=kube-apiserver"
  std::string issuer;
  std::vector<std::string> names;  ///< DNS names and IP addresses that it is for
  std::chrono::system_clock::time_point valid_from;
  std::chrono::system_clock::time_point valid_until;
};

/// The first certificate in `pem`; without a subject when there is none.
Certificate read_certificate(const std::string& pem);

enum class TrustFlaw { none, unknown_issuer, expired, not_yet_valid, other_host, other };

/// What one TLS handshake showed, whether it came to an end or not.
struct ServerCertificates {
  std::string protocol;            ///< "TLSv1.3"; "": no certificate was seen yet
  std::vector<Certificate> sent;   ///< the server's own first
  std::string anchor;              ///< subject of the trusted certificate that vouches for it; "" for none
  TrustFlaw flaw = TrustFlaw::none;
  Certificate flawed;              ///< the one that is expired or whose issuer is unknown
};

/// Makes the SSL_CTX at `context` describe the server's certificates in `seen`, which must live as long. `host` is the
/// name or address that they must be for. Who is trusted does not change.
struct CertificateWatch {
  std::string host;
  ServerCertificates seen;
};
void watch_certificates(void* context, CertificateWatch& watch);

}  // namespace posture
