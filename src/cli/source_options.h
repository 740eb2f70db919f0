// SPDX-License-Identifier: Apache-2.0
// The options that choose where to read from, shared by the sub-commands that read.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "posture/catalog.h"
#include "posture/client.h"
#include "posture/evaluate.h"
#include "posture/kubeconfig.h"
#include "posture/source.h"

namespace posture {

struct ConnectionFlags {
  std::string kubeconfig;
  std::string context;
  std::string as;
  std::string as_uid;
  std::vector<std::string> as_groups;
};
void add_connection_flags(CLI::App& app, ConnectionFlags& flags);
ConnectionOptions connection_options(const ConnectionFlags& flags, const World& world);

struct ScopeFlags {
  std::vector<std::string> namespaces;
  bool all_namespaces = false;
  bool secrets = false;
};
void add_scope_flags(CLI::App& app, ScopeFlags& flags);
Scope scope_of(const ScopeFlags& flags);

struct ReadingFlags {
  std::chrono::milliseconds timeout{0};  ///< of all reading; 0: none
};
void add_reading_flags(CLI::App& app, ReadingFlags& flags);

struct CommonFlags {
  std::string now;     ///< RFC 3339; empty: the clock, or the recording's time
  std::string checks;  ///< folder of the user's own checks
  std::size_t parallel = ClientOptions().parallel;
  double requests_per_second = ClientOptions().requests_per_second;
  std::size_t burst = ClientOptions().burst;
  bool quiet = false;
};
void add_checks_flag(CLI::App& app, CommonFlags& flags);  ///< one of the common flags
void add_common_flags(CLI::App& app, CommonFlags& flags);
Catalog load_catalog(const CommonFlags& flags);
std::size_t threads_of(
    const CommonFlags&
        flags);  ///< that judge and write: at most one per processor, as each learns for itself which pod specs are equal

/// What a client does, as the flags have it.
ClientOptions client_options(const CommonFlags& common, const World& world);
/// The API server that the flags and the environment name. Throws Error.
std::unique_ptr<Client> open_cluster(const ConnectionFlags& connection, ClientOptions options, const World& world);

}  // namespace posture
