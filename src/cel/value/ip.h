// SPDX-License-Identifier: Apache-2.0
// IP addresses and prefixes, read and written as Go's net/netip.
#pragma once

#include <array>
#include <string>

#include "cel/value/values.h"

namespace posture::cel {

struct Ip : Opaque {
  std::uint8_t size = 4;  ///< bytes in use: 4 or 16
  std::array<std::uint8_t, 16> bytes{};
};

struct Cidr : Opaque {
  Ip address;
  std::uint8_t bits = 0;
};

/// Why `text` is no address Kubernetes takes (zones and IPv4 within IPv6 are refused), empty if `out` is set.
std::string parse_ip(std::string_view text, Ip& out);
/// netip.ParseAddr without a zone.
bool parse_address(std::string_view text, Ip& out);
std::string parse_cidr(std::string_view text, Cidr& out);
std::string to_string(const Ip& ip);
std::string to_string(const Cidr& cidr);
bool contains(const Cidr& cidr, const Ip& ip);
Ip masked(const Cidr& cidr);

}  // namespace posture::cel
