// SPDX-License-Identifier: Apache-2.0
#include "source/client/curl_options.h"

#include "source/client/tls_rules.h"
#include "source/client/transfer.h"
#include "source/client/transport.h"

namespace posture {
namespace {

constexpr long kReceiveBuffer = 256 * 1024;
constexpr long kIdleConnectionSeconds = 90;
constexpr long kKeepAliveSeconds = 30;

CURLcode on_tls_context(CURL* handle, void* context, void* user) {
  void* transfer = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &transfer);
  if (transfer != nullptr) static_cast<Transfer*>(transfer)->tls_begun = true;
  require_alternative_names(context);
  watch_certificates(context, *static_cast<CertificateWatch*>(user));
  return CURLE_OK;
}

curl_blob blob_of(const std::string& text, unsigned int copy_or_not) {
  curl_blob blob;
  blob.data = const_cast<char*>(text.data());  // NOLINT: libcurl only reads it
  blob.len = text.size();
  blob.flags = copy_or_not;
  return blob;
}

}  // namespace

void set_limits(CURL* handle, const ClientOptions& options) {
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, kReceiveBuffer);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPIDLE, kKeepAliveSeconds);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPINTVL, kKeepAliveSeconds);
  curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, kIdleConnectionSeconds);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(kMaxExchangeTime.count()));
}

// Only the given CA is trusted: without the nulls, libcurl would add the distribution's folder. An https proxy is held to
// the same rules, as in Go.
void set_trust(CURL* handle, const Connection& connection, CertificateWatch& watch) {
  const long verify = connection.insecure_skip_tls_verify ? 0L : 1L;
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, verify);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2 * verify);
  curl_easy_setopt(handle, CURLOPT_PROXY_SSL_VERIFYPEER, verify);
  curl_easy_setopt(handle, CURLOPT_PROXY_SSL_VERIFYHOST, 2 * verify);
  curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
  curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, &watch);
  if (verify == 0) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, nullptr);
    curl_easy_setopt(handle, CURLOPT_PROXY_CAINFO, nullptr);
  }
  if (verify == 0 || !connection.ca_pem.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    curl_easy_setopt(handle, CURLOPT_PROXY_CAPATH, nullptr);
  }
  if (connection.ca_pem.empty()) return;
  curl_blob ca = blob_of(connection.ca_pem, CURL_BLOB_NOCOPY);
  curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &ca);
  curl_easy_setopt(handle, CURLOPT_PROXY_CAINFO_BLOB, &ca);
}

void set_client_certificate(CURL* handle, const std::string& certificate, const std::string& key) {
  curl_easy_setopt(handle, CURLOPT_KEYPASSWD, "");  // keeps OpenSSL from asking the terminal
  if (certificate.empty()) return;
  curl_blob certificate_blob = blob_of(certificate, CURL_BLOB_COPY);
  curl_blob key_blob = blob_of(key, CURL_BLOB_COPY);
  curl_easy_setopt(handle, CURLOPT_SSLCERT_BLOB, &certificate_blob);
  curl_easy_setopt(handle, CURLOPT_SSLKEY_BLOB, &key_blob);
}

void set_proxy(CURL* handle, const Connection& connection) {
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
  curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, connection.proxy ? connection.proxy->url.c_str() : "");
  if (!connection.proxy || (connection.proxy->user.empty() && connection.proxy->password.empty())) return;
  curl_easy_setopt(handle, CURLOPT_PROXYUSERNAME, connection.proxy->user.c_str());
  curl_easy_setopt(handle, CURLOPT_PROXYPASSWORD, connection.proxy->password.c_str());
}

}  // namespace posture
