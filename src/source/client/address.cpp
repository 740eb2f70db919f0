// SPDX-License-Identifier: Apache-2.0
#include "source/client/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace posture {
namespace {

using Bytes = std::array<std::uint8_t, 16>;  // v4 addresses as ::ffff:a.b.c.d

bool parse(const std::string& text, Bytes& bytes) {
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return true;
  bytes = {};
  bytes[10] = bytes[11] = 0xff;
  return inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1;
}

struct Network {
  const char* address;
  int bits;
};
constexpr std::array kNearby = {
    Network{"127.0.0.0", 96 + 8},
    Network{"10.0.0.0", 96 + 8},
    Network{"172.16.0.0", 96 + 12},
    Network{"192.168.0.0", 96 + 16},
    Network{"169.254.0.0", 96 + 16},
    Network{"100.64.0.0", 96 + 10},
    Network{"::1", 128},
    Network{"fc00::", 7},
    Network{"fe80::", 10},
};

bool holds(const Network& network, const Bytes& bytes) {
  Bytes base{};
  parse(network.address, base);
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    if (((bytes[byte] ^ base[byte]) >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

}  // namespace

bool is_ip_address(const std::string& host) {
  Bytes bytes{};
  return parse(host, bytes);
}

bool is_nearby_address(const std::string& ip) {
  Bytes bytes{};
  if (!parse(ip, bytes)) return false;
  return std::any_of(kNearby.begin(), kNearby.end(), [&](const Network& network) { return holds(network, bytes); });
}

}  // namespace posture
