// SPDX-License-Identifier: Apache-2.0
// A Connection in libcurl's words. Only this file pair and transport.cpp name libcurl.
#pragma once

#include <curl/curl.h>

#include <string>

#include "posture/client.h"
#include "source/client/certificates.h"

namespace posture {

/// Time-outs, no redirects, no signals, HTTP/1.1.
void set_limits(CURL* handle, const ClientOptions& options);

/// Trusts only the connection's CA where there is one. libcurl copies no certificate: the connection must live as long
/// as the handle is used, and so must the watch, which gets to know what the server shows.
void set_trust(CURL* handle, const Connection& connection, CertificateWatch& watch);

/// PEM, or "" for none. Copied: it may change while a transfer runs.
void set_client_certificate(CURL* handle, const std::string& certificate, const std::string& key);

/// The connection's proxy, or none at all: libcurl's own rules about the environment are not Go's.
void set_proxy(CURL* handle, const Connection& connection);

}  // namespace posture
