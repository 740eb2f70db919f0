// SPDX-License-Identifier: Apache-2.0
#include "base/ip_address.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace posture {
namespace {

using Bytes = std::array<std::uint8_t, 16>;  // v4 addresses as ::ffff:a.b.c.d

bool parse(const std::string& text, Bytes& bytes) {
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return true;
  bytes = {};
  bytes[10] = bytes[11] = 0xff;
  return inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1;
}

/// v4 networks count the 96 bits before an address, too.
struct Network {
  const char* address;
  int bits;
};
constexpr std::array kLoopback = {Network{"127.0.0.0", 96 + 8}, Network{"::1", 128}};
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

bool holds(const Bytes& base, int bits, const Bytes& bytes) {
  for (int bit = 0; bit < bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    if (((bytes[byte] ^ base[byte]) >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

template <std::size_t N>
bool any_holds(const std::array<Network, N>& networks, const std::string& ip) {
  Bytes bytes{};
  if (!parse(ip, bytes)) return false;
  return std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
    Bytes base{};
    parse(network.address, base);
    return holds(base, network.bits, bytes);
  });
}

}  // namespace

bool is_ip_address(const std::string& host) {
  Bytes bytes{};
  return parse(host, bytes);
}

bool is_same_address(const std::string& one, const std::string& other) {
  Bytes a{};
  Bytes b{};
  return parse(one, a) && parse(other, b) && a == b;
}

bool is_loopback_address(const std::string& ip) { return any_holds(kLoopback, ip); }

bool is_nearby_address(const std::string& ip) { return any_holds(kNearby, ip); }

unsigned zone_index(const std::string& zone) {
  if (const unsigned named = if_nametoindex(zone.c_str())) return named;
  unsigned index = 0;
  const auto [end, failure] = std::from_chars(zone.data(), zone.data() + zone.size(), index);
  return failure == std::errc() && end == zone.data() + zone.size() ? index : 0;
}

std::optional<bool> is_in_network(const std::string& ip, const std::string& network) {
  const std::size_t slash = network.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string address = network.substr(0, slash);
  const std::string_view length = std::string_view(network).substr(slash + 1);
  const bool is_v4 = address.find(':') == std::string::npos;
  int bits = 0;
  const std::from_chars_result parsed = std::from_chars(length.data(), length.data() + length.size(), bits);
  Bytes base{};
  const bool whole = parsed.ec == std::errc() && parsed.ptr == length.data() + length.size();
  if (!whole || bits < 0 || bits > (is_v4 ? 32 : 128) || !parse(address, base)) return std::nullopt;
  Bytes bytes{};
  return parse(ip, bytes) && holds(base, is_v4 ? 96 + bits : bits, bytes);
}

}  // namespace posture
