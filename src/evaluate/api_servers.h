// SPDX-License-Identifier: Apache-2.0
// Whose flags are known, and whether these are all the API servers of the cluster.
#pragma once

#include <optional>
#include <span>

#include "posture/analysis.h"
#include "posture/source.h"

namespace posture {

/// What is read beside the lists: /flagz of the server that answers, and the addresses of all of them.
std::span<const GetRequest> api_server_reads();

/// Why a pass may not hold for the whole cluster.
struct ApiServerGaps {
  std::optional<Gap> flagz;  ///< the server that answers does not say its flags
  std::optional<Gap> hidden;  ///< there may be, or is, an API server whose flags nothing shows
};

/// Asks for api_server_reads(). The server that answers /flagz joins `servers`, which are those that mirror pods show.
/// Every address of the service `kubernetes` must be that of a server whose flags are known, or the only one there is and answer
/// /flagz: flags that look fine on one server prove nothing about another.
ApiServerGaps read_api_servers(Source& source, std::vector<ApiServer>& servers);

}  // namespace posture
