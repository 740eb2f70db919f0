// SPDX-License-Identifier: Apache-2.0
// What tests of the client share: a quick client, a throw-away PKI, answers by path, errors as values.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "posture/client.h"
#include "posture/error.h"
#include "scripted_server.h"

using namespace std::chrono_literals;
using posture::Connection;
using posture::Error;
using posture::ErrorKind;
using posture::GapReason;

inline posture::ClientOptions quick(std::chrono::milliseconds stall = 10s) {
  posture::ClientOptions options;
  options.retry_pace = 0.002;
  options.stall_timeout = stall;
  options.connect_timeout = 10s;
  return options;
}

inline std::unique_ptr<posture::Source> client(Connection connection) {
  return posture::make_client(std::move(connection), quick());
}

inline Connection to(const ScriptedServer& server) {
  Connection connection;
  connection.server = server.url();
  connection.context = "test";
  return connection;
}

/// Kind and message of the Error; a message of "" when there is none.
template <typename Act>
std::pair<ErrorKind, std::string> failure(const Act& act) {
  try {
    act();
  } catch (const Error& error) { return {error.kind(), error.what()}; }
  return {ErrorKind::usage, ""};
}

/// Answers by path, 404 to everything else.
inline ScriptedServer::Script by_path(std::map<std::string, Reply> replies) {
  return [replies = std::move(replies)](const Asked& asked) {
    const auto found = replies.find(asked.target);
    return found == replies.end() ? reply(404, "text/plain", "404 page not found") : found->second;
  };
}

struct Pki {
  TestIdentity ca = make_identity({"ca", "", -3600, 3600, true});
  TestIdentity server = make_identity({}, &ca);
  TestIdentity user = make_identity({"user", "", -3600, 3600, false}, &ca);

  Connection trusted(const ScriptedServer& line) const {
    Connection connection = to(line);
    connection.ca_pem = ca.certificate_pem();
    return connection;
  }
};
