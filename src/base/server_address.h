// SPDX-License-Identifier: Apache-2.0
// The parts of a server URL that a transport needs singly.
#pragma once

#include <string>

namespace posture {

struct ServerAddress {
  bool tls = true;
  std::string host;       ///< without brackets
  std::string port;       ///< always set
  std::string authority;  ///< as in the URL: host[:port]
  std::string prefix;     ///< path before every request, "" or "/…"
};

/// Of a URL "http[s]://host[:port][/prefix]".
ServerAddress parse_server(const std::string& server);

/// An IPv6 address without the zone behind it: "fe80::1%25eth0" is "fe80::1", which certificates name.
std::string without_zone(const std::string& host);

/// The zone of an IPv6 address, "eth0" of "fe80::1%25eth0"; "" where there is none.
std::string zone_of(const std::string& host);

/// "host:port" with brackets around an IPv6 address.
std::string host_and_port(const std::string& host, const std::string& port);

}  // namespace posture
