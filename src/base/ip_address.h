// SPDX-License-Identifier: Apache-2.0
// What kind of network an IP address belongs to.
#pragma once

#include <optional>
#include <string>

namespace posture {

bool is_ip_address(const std::string& host);

/// The same address, however it is written.
bool is_same_address(const std::string& one, const std::string& other);

bool is_loopback_address(const std::string& ip);

/// Loopback, link-local and private addresses, v4 and v6: networks where packing data costs more time than sending it.
bool is_nearby_address(const std::string& ip);

/// The index of an IPv6 zone, which is written as one or as the name of an interface; 0 for none that is known.
unsigned zone_index(const std::string& zone);

/// Whether `ip` lies in `network`, written as "10.0.0.0/8"; nullopt when that is no network.
std::optional<bool> is_in_network(const std::string& ip, const std::string& network);

}  // namespace posture
