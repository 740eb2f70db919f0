// SPDX-License-Identifier: Apache-2.0
#include "source/client/contact_words.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/server_address.h"
#include "base/text.h"
#include "base/time.h"

namespace posture {
namespace {

using std::chrono::system_clock;

constexpr std::size_t kMaxNamesShown = 8;

/// "2027-01-31T12:00:00Z, 34 days left"
std::string until(system_clock::time_point end, system_clock::time_point now) {
  constexpr std::chrono::hours kDay{24};
  if (end < now) return rfc3339(end) + ", expired";
  const auto days = (end - now) / kDay;
  return rfc3339(end) + (days == 0 ? ", less than a day left" : ", " + std::to_string(days) + " days left");
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == kMaxNamesShown) return out + " and " + std::to_string(words.size() - i) + " more";
    out += (i == 0 ? "" : ", ") + words[i];
  }
  return out;
}

void add_certificate(const std::string& pem, system_clock::time_point now, Facts& facts) {
  const Certificate certificate = read_certificate(pem);
  facts.emplace_back("subject", certificate.subject);
  facts.emplace_back("until", until(certificate.valid_until, now));
}

std::string expected_host(const Connection& connection) {
  if (!connection.tls_server_name.empty()) return connection.tls_server_name;
  return without_zone(parse_server(connection.server).host);
}

std::string trusted_store(const Connection& connection) {
  return connection.ca_pem.empty() ? "this machine's certificate authorities"
                                   : "the certificate authority that is configured";
}

std::string impersonated(const Impersonation& who) {
  std::string text = printable(who.user);
  for (const std::string& group : who.groups) text += ", group " + printable(group);
  return text;
}

}  // namespace

std::string in_milliseconds(std::chrono::microseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f ms", static_cast<double>(time.count()) / 1000);
  return text.data();
}

Facts ways_in(const Connection& connection, system_clock::time_point now) {
  Facts facts;
  if (connection.plugin) facts.emplace_back("with", "credential plugin " + printable(connection.plugin->command));
  if (connection.oidc) facts.emplace_back("with", "OpenID Connect at " + printable(connection.oidc->issuer));
  if (!connection.client_certificate_pem.empty()) {
    facts.emplace_back("with", "client certificate");
    add_certificate(connection.client_certificate_pem, now, facts);
  }
  if (!connection.token_file.empty()) {
    facts.emplace_back("with", "token file " + printable(connection.token_file));
  } else if (!connection.token.empty()) {
    facts.emplace_back("with", "bearer token");
  }
  if (!connection.username.empty()) facts.emplace_back("with", "password of " + printable(connection.username));
  if (facts.empty()) facts.emplace_back("with", "nothing: the server is asked without credentials");
  if (!connection.impersonate.user.empty()) facts.emplace_back("acting as", impersonated(connection.impersonate));
  return facts;
}

Facts handed_out(const Authorization& authorization, system_clock::time_point now) {
  Facts facts;
  if (!authorization.header().empty()) facts.emplace_back("it gave", "a token");
  if (!authorization.client_certificate().empty()) {
    facts.emplace_back("it gave", "a client certificate");
    add_certificate(authorization.client_certificate(), now, facts);
  }
  if (const auto end = authorization.expires()) facts.emplace_back("until", until(*end, now));
  return facts;
}

Facts certificate_facts(const ServerCertificates& seen, const Connection& connection, system_clock::time_point now) {
  Facts facts = {{"protocol", seen.protocol}};
  for (const Certificate& certificate : seen.sent) {
    facts.emplace_back(facts.size() == 1 ? "certificate" : "sent with", certificate.subject);
    facts.emplace_back("issued by", certificate.issuer);
    facts.emplace_back("until", until(certificate.valid_until, now));
  }
  if (connection.insecure_skip_tls_verify) {
    facts.emplace_back("verified", "no: insecure-skip-tls-verify is set");
  } else if (!seen.anchor.empty()) {
    facts.emplace_back("trusted by", seen.anchor + ", of " + trusted_store(connection));
  }
  if (seen.flaw == TrustFlaw::none && !seen.anchor.empty()) {
    facts.emplace_back("host", expected_host(connection) + " is among its names");
  }
  return facts;
}

void explain_distrust(const ServerCertificates& seen, const Connection& connection, ContactStep& step) {
  if (seen.sent.empty()) return;
  const Certificate& flawed = seen.flawed.subject.empty() ? seen.sent.front() : seen.flawed;
  const std::vector<std::string>& names = seen.sent.front().names;
  switch (seen.flaw) {
    case TrustFlaw::none:
    case TrustFlaw::other: return;
    case TrustFlaw::unknown_issuer:
      step.problem = flawed.subject + " was issued by " + flawed.issuer + ", for which " + trusted_store(connection) +
                     " does not vouch";
      step.next =
          "take certificate-authority-data from a new kubeconfig of this cluster; a proxy that opens TLS has an "
          "authority of its own";
      return;
    case TrustFlaw::expired:
      step.problem = flawed.subject + " has expired at " + rfc3339(flawed.valid_until);
      step.next = "renew it on the server, or set the clock of this machine";
      return;
    case TrustFlaw::not_yet_valid:
      step.problem = flawed.subject + " is not valid before " + rfc3339(flawed.valid_from);
      step.next = "set the clock of this machine, or of the one that issued it";
      return;
    case TrustFlaw::other_host:
      step.problem = "the certificate is not for " + printable(expected_host(connection)) + ", but for " +
                     (names.empty() ? "no host: it has no subject alternative names" : joined(names));
      step.next = names.empty() ? "give the server a certificate with subject alternative names"
                                : "use one of these names in server, or as tls-server-name, in the kubeconfig";
      return;
  }
}

}  // namespace posture
