// SPDX-License-Identifier: Apache-2.0
#include "base/server_address.h"

#include <algorithm>

namespace posture {

ServerAddress parse_server(const std::string& server) {
  ServerAddress address;
  address.tls = !server.starts_with("http://");
  const std::size_t start = address.tls ? std::string("https://").size() : std::string("http://").size();
  const std::size_t path = std::min(server.find('/', start), server.size());
  address.authority = server.substr(start, path - start);
  address.prefix = server.substr(path);
  const std::size_t bracket = address.authority.find(']');
  const std::size_t colon = address.authority.find(':', bracket == std::string::npos ? 0 : bracket);
  address.host = address.authority.substr(0, colon);
  if (bracket != std::string::npos) address.host = address.authority.substr(1, bracket - 1);
  address.port = colon == std::string::npos ? (address.tls ? "443" : "80") : address.authority.substr(colon + 1);
  return address;
}

std::string without_zone(const std::string& host) {
  return host.find(':') == std::string::npos ? host : host.substr(0, host.find('%'));
}

std::string zone_of(const std::string& host) {
  const std::string zone = host.substr(without_zone(host).size());
  return zone.substr(std::min<std::size_t>(zone.starts_with("%25") ? 3 : 1, zone.size()));
}

std::string host_and_port(const std::string& host, const std::string& port) {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

}  // namespace posture
