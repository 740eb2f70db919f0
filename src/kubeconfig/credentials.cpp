// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/credentials.h"

#include <algorithm>

#include "base/text.h"
#include "kubeconfig/pem.h"
#include "kubeconfig/server_url.h"
#include "kubeconfig/small_file.h"
#include "posture/error.h"

namespace posture {
namespace {

/// One entry and how to speak of it.
struct Subject {
  std::string name;
  std::string place;

  [[noreturn]] void refuse(const std::string& message) const {
    throw Error(ErrorKind::config, name + " " + message, place);
  }
};

Subject subject(const char* what, const std::string& name, const Origin& origin) {
  return {std::string(what) + " \"" + printable(name, 100) + "\"", origin.place};
}

void refuse_both(const Subject& who, const std::string& path, const std::string& content, const std::string& field) {
  if (!path.empty() && !content.empty()) who.refuse("sets both " + field + " and " + field + "-data; keep one");
}

std::string content_of(const std::string& path, const std::string& content, const std::string& field) {
  return path.empty() ? content : require_small_file(path, kMaxPemBytes, field);
}

bool has_basic(const UserEntry& user) { return !user.username.empty() || !user.password.empty(); }
bool has_token(const UserEntry& user) { return !user.token.empty() || !user.token_file.empty(); }
bool has_certificate(const UserEntry& user) {
  return !user.client_certificate.empty() || !user.client_certificate_data.empty();
}
bool has_credentials(const UserEntry& user) { return has_basic(user) || has_token(user) || has_certificate(user); }

void apply_certificate(const UserEntry& user, const Subject& who, Connection& connection) {
  refuse_both(who, user.client_certificate, user.client_certificate_data, "client-certificate");
  refuse_both(who, user.client_key, user.client_key_data, "client-key");
  if (user.client_key.empty() && user.client_key_data.empty()) {
    who.refuse("has a client certificate but neither client-key nor client-key-data");
  }
  connection.client_certificate_pem =
      content_of(user.client_certificate, user.client_certificate_data, "client-certificate");
  connection.client_key_pem = content_of(user.client_key, user.client_key_data, "client-key");
  const std::string flaw = client_identity_flaw(connection.client_certificate_pem, connection.client_key_pem);
  const auto named = [](const std::string& path, const std::string& field) {
    return path.empty() ? field + "-data" : field + " " + printable(path);
  };
  if (!flaw.empty()) {
    who.refuse("cannot be used, with " + named(user.client_certificate, "client-certificate") + " and " +
               named(user.client_key, "client-key") + ": " + flaw);
  }
}

void apply_token(const UserEntry& user, const Subject& who, Connection& connection) {
  if (!is_header_text(user.token)) who.refuse("has a token with white space or control characters in it");
  connection.token = user.token;
  connection.token_file = user.token_file;
  if (user.token.empty()) require_token_file(user.token_file);
}

}  // namespace

std::string trimmed(const std::string& text) {
  constexpr const char* kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_header_text(const std::string& token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c != 0x7f; });
}

std::string trusted_certificates(const std::string& text, const std::string& field, const std::string& where) {
  std::string certificates = certificates_in(text);
  if (certificates.empty()) throw Error(ErrorKind::config, field + " holds no PEM certificate", where);
  return certificates;
}

void require_token_file(const std::string& path) {
  const std::string token = trimmed(require_small_file(path, kMaxTokenBytes, "tokenFile"));
  if (token.empty()) throw Error(ErrorKind::config, "the token file is empty", path);
  if (!is_header_text(token)) throw Error(ErrorKind::config, "the token file holds more than one token", path);
}

void apply_cluster(const ClusterEntry& cluster, const std::string& name, Connection& connection) {
  const Subject who = subject("cluster", name, cluster.origin);
  if (cluster.server.empty()) who.refuse("has no server");
  const std::string& field = "certificate-authority";
  refuse_both(who, cluster.certificate_authority, cluster.certificate_authority_data, field);
  const bool has_ca = !cluster.certificate_authority.empty() || !cluster.certificate_authority_data.empty();
  if (has_ca && cluster.insecure_skip_tls_verify) {
    who.refuse("sets insecure-skip-tls-verify and a certificate authority; keep the certificate authority");
  }
  connection.server = normal_server_url(cluster.server, cluster.origin.place);
  connection.tls_server_name = cluster.tls_server_name;
  connection.insecure_skip_tls_verify = cluster.insecure_skip_tls_verify;
  connection.disable_compression = cluster.disable_compression;
  if (!has_ca) return;
  const std::string text = content_of(cluster.certificate_authority, cluster.certificate_authority_data, field);
  const bool is_file = !cluster.certificate_authority.empty();
  connection.ca_pem = trusted_certificates(text, is_file ? field : field + "-data",
                                           is_file ? cluster.certificate_authority : cluster.origin.place);
}

bool apply_user(const UserEntry& user, const std::string& name, Connection& connection) {
  const Subject who = subject("user", name, user.origin);
  if (!has_credentials(user) && !user.plugin && !user.auth_provider) {
    if (is_plain_http(connection.server)) return true;
    who.refuse("has no credentials; add a client certificate, a token or a token file");
  }
  if (is_plain_http(connection.server)) {
    who.refuse("has credentials, but the server is plain http:// where everybody could read them; use https://");
  }
  if (has_token(user) && has_basic(user)) who.refuse("has both a token and username/password; keep one");
  if (has_certificate(user)) apply_certificate(user, who, connection);
  if (has_token(user)) apply_token(user, who, connection);
  connection.username = user.username;
  connection.password = user.password;
  return has_credentials(user);
}

}  // namespace posture
