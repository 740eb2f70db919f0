// SPDX-License-Identifier: Apache-2.0
#include "source/client/discovery.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "source/client/api_groups.h"
#include "source/client/request_path.h"
#include "source/client/server_status.h"

namespace posture {
namespace {

// Old servers want the parameters in this order.
constexpr const char* kAggregated =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

constexpr const char* kCoreRoot = "/api";
constexpr std::array kRoots = {kCoreRoot, "/apis"};

std::string group_name(const GroupVersion& version) { return version.group.empty() ? "core" : version.group; }

std::string path_of(const GroupVersion& version) {
  const std::string name = percent_encoded(version.version);
  return version.group.empty() ? "/api/" + name : "/apis/" + percent_encoded(version.group) + "/" + name;
}

Gap stale_gap(const GroupVersion& version) {
  Gap gap;
  gap.resource = group_name(version);
  gap.message = "API group " + group_name(version) + ", version " + version.version +
                ", is stale: the server behind it does not answer";
  return gap;
}

Gap unreadable_gap(const std::string& resource, const Response& response) {
  if (response.gap) {
    Gap gap = *response.gap;
    gap.resource = resource;
    if (gap.reason == GapReason::not_served) gap.reason = GapReason::unavailable;  // it was named a moment ago
    return gap;
  }
  Gap gap;
  gap.resource = resource;
  gap.status = response.status;
  gap.reason = GapReason::malformed;
  gap.message = "the answer is not a discovery document";
  return gap;
}

std::vector<Response> get_all(Session& session, const std::vector<std::string>& paths, const char* accept) {
  std::vector<HttpRequest> requests;
  requests.reserve(paths.size());
  for (const std::string& path : paths) requests.push_back({path, accept, ""});
  std::vector<HttpAnswer> answers = fetch(session, requests);
  std::vector<Response> responses;
  responses.reserve(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    responses.push_back(to_response(std::move(answers[i]), "application/json", paths[i]));
  }
  return responses;
}

/// Adds what one root says of its versions; the roots' own answers may be of different forms.
void add_versions(const std::string& root, const Response& response, std::vector<GroupVersion>& versions,
                  std::vector<Gap>& gaps) {
  if (response.status == 404 && root == kCoreRoot) return;  // an API of its own, without the core group
  const std::optional<std::vector<GroupVersion>> found = response.gap ? std::nullopt
                                                         : is_aggregated_discovery(response.content_type)
                                                             ? read_aggregated(response.body)
                                                             : read_versions(response.body);
  if (!found) return gaps.push_back(unreadable_gap(root, response));
  versions.insert(versions.end(), found->begin(), found->end());
}

/// Classic discovery: one document per version.
void read_each_version(Session& session, std::vector<GroupVersion>& versions, std::vector<Gap>& gaps) {
  std::vector<std::string> paths;
  paths.reserve(versions.size());
  for (const GroupVersion& version : versions) paths.push_back(path_of(version));
  const std::vector<Response> responses = get_all(session, paths, "application/json");
  for (std::size_t i = 0; i < versions.size(); ++i) {
    versions[i].resources.clear();
    if (responses[i].gap || !read_resources(responses[i].body, versions[i])) {
      gaps.push_back(unreadable_gap(group_name(versions[i]), responses[i]));
    }
  }
}

void require_api(const Session& session, const std::vector<Response>& roots) {
  const bool any =
      std::any_of(roots.begin(), roots.end(), [](const Response& response) { return response.status != 404; });
  if (any) return;
  throw Error(ErrorKind::connection, session.transport.url("") +
                                         " serves no Kubernetes API: it answers 404 to /api and /apis; check the "
                                         "server in the kubeconfig, its path included");
}

}  // namespace

Discovery discover_resources(Session& session) {
  const std::vector<Response> roots = get_all(session, {kRoots.begin(), kRoots.end()}, kAggregated);
  require_api(session, roots);
  std::vector<GroupVersion> versions;
  Discovery discovery;
  bool aggregated = true;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    add_versions(kRoots.at(i), roots[i], versions, discovery.gaps);
    if (roots[i].status != 404) aggregated = aggregated && is_aggregated_discovery(roots[i].content_type);
  }
  if (aggregated) {
    for (const GroupVersion& version : versions) {
      if (version.stale) discovery.gaps.push_back(stale_gap(version));
    }
  } else {
    read_each_version(session, versions, discovery.gaps);
  }
  discovery.resources = preferred_resources(versions);
  return discovery;
}

}  // namespace posture
