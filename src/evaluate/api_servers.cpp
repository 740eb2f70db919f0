// SPDX-License-Identifier: Apache-2.0
#include "evaluate/api_servers.h"

#include <array>

#include "base/json.h"
#include "evaluate/other_reads.h"

namespace posture {

namespace {

/// Structured /flagz (Kubernetes 1.36 and newer); the plain text form is not meant to be parsed.
constexpr const char* kFlagzAccept = "application/json;v=v1beta1;g=config.k8s.io;as=Flagz";
constexpr const char* kAddressesResource = "endpointslices.discovery.k8s.io";
constexpr const char* kAddressesNamespace = "default";

const std::array<GetRequest, 2>& reads() {
  static const std::array<GetRequest, 2> kReads = {{
      {kFlagzPath, kFlagzAccept},
      {"/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes"},
  }};
  return kReads;
}

std::optional<Gap> read_flagz(Source& source, std::vector<ApiServer>& servers) {
  const Response response = source.get(reads()[0]);
  if (response.gap) return response.gap;
  JsonParser parser;
  std::optional<ApiServer> server = api_server_from_flagz(Value(parser.parse_copy(response.body)), kFlagzPath);
  if (!server) {
    return Gap{kFlagzPath,
               "",
               response.status,
               GapReason::malformed,
               "the answer is not the structured form of Kubernetes 1.36",
               false};
  }
  servers.push_back(std::move(*server));
  return std::nullopt;
}

/// Empty with `gap` set where the cluster does not tell.
std::set<std::string> read_addresses(Source& source, std::optional<Gap>& gap) {
  const Response response = source.get(reads()[1]);
  gap = response.gap;
  std::set<std::string> addresses;
  if (!gap) {
    JsonParser parser;
    addresses = api_server_addresses(Value(parser.parse_copy(response.body)));
    if (addresses.empty()) gap = Gap{"", "", response.status, GapReason::malformed, "it names no address", false};
  }
  if (gap) {
    gap->resource = kAddressesResource;
    gap->ns = kAddressesNamespace;
    gap->message = "how many API servers there are: " + gap->message;
  }
  return addresses;
}

Gap unseen(const std::set<std::string>& unseen, std::size_t servers) {
  std::string message = std::to_string(unseen.size()) + " of " + std::to_string(servers) + " API servers";
  message += unseen.size() == 1 ? " shows" : " show";
  message += " no flags, neither by a mirror pod nor here by /flagz:";
  for (const std::string& address : unseen) message.append(" ").append(address);
  return {kFlagzPath, "", 0, GapReason::not_served, message, false};
}

}  // namespace

std::span<const GetRequest> api_server_reads() { return reads(); }

ApiServerGaps read_api_servers(Source& source, std::vector<ApiServer>& servers) {
  std::optional<Gap> unknown;
  const std::set<std::string> addresses = read_addresses(source, unknown);
  ApiServerGaps gaps;
  gaps.flagz = read_flagz(source, servers);
  std::set<std::string> uncovered = addresses;
  for (const ApiServer& server : servers) {
    for (const std::string& address : server.addresses) uncovered.erase(address);
  }
  const bool is_single = addresses.size() == 1;
  if (unknown) {
    gaps.hidden = unknown;
  } else if (is_single && !uncovered.empty()) {
    gaps.hidden = gaps.flagz;  // whoever answers is that one
  } else if (!uncovered.empty()) {
    gaps.hidden = unseen(uncovered, addresses.size());
  }
  return gaps;
}

}  // namespace posture
