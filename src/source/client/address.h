// SPDX-License-Identifier: Apache-2.0
// What kind of network an IP address belongs to.
#pragma once

#include <string>

namespace posture {

bool is_ip_address(const std::string& host);

/// Loopback, link-local and private addresses, v4 and v6: networks where packing data costs more time than sending it.
bool is_nearby_address(const std::string& ip);

}  // namespace posture
