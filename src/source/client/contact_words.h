// SPDX-License-Identifier: Apache-2.0
// What a trial of the connection says of credentials and certificates.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "posture/contact.h"
#include "source/client/authorization.h"
#include "source/client/transport.h"

namespace posture {

using Facts = std::vector<std::pair<std::string, std::string>>;

/// "1.3 ms"
std::string in_milliseconds(std::chrono::microseconds time);

/// How we authenticate, before any plugin is asked.
Facts ways_in(const Connection& connection, std::chrono::system_clock::time_point now);
/// What a plugin handed out.
Facts handed_out(const Authorization& authorization, std::chrono::system_clock::time_point now);

/// Protocol, chain and who vouches for it.
Facts certificate_facts(const ServerCertificates& seen, const Connection& connection,
                        std::chrono::system_clock::time_point now);
/// Says of a failed TLS step what the certificates show; leaves it alone where they show nothing.
void explain_distrust(const ServerCertificates& seen, const Connection& connection, ContactStep& step);

}  // namespace posture
