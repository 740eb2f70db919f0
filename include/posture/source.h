// SPDX-License-Identifier: Apache-2.0
// The one door to the data: live API server, snapshot and manifests all answer through Source, and nothing behind it can tell
// which. What cannot be read is a Gap, a value; only what ends the run (no server, no credentials) is an Error.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "posture/gap.h"

namespace posture {

/// A kind as the server serves it.
struct Resource {
  std::string group;  ///< "" is the core group
  std::string version;  ///< e.g. "v1"
  std::string name;  ///< plural, as in URLs: "networkpolicies"
  std::string kind;  ///< "NetworkPolicy"
  bool namespaced = false;
};
std::string api_version(const Resource& resource);  ///< "apps/v1", "v1"
/// The two parts of an apiVersion; the group of "v1" is "". Borrowed from the text.
struct ApiVersion {
  std::string_view group;
  std::string_view version;
};
ApiVersion parse_api_version(std::string_view text);
std::string group_resource(
    const Resource& resource);  ///< as kubectl writes it: "pods", "networkpolicies.networking.k8s.io"
/// The name and scope that a kind has by Kubernetes' own rule, where no server can be asked. Custom kinds count as namespaced.
Resource usual_resource(const std::string& group, const std::string& version, const std::string& kind);

/// Where a manifest stands: shared by everything cut from one document.
struct ManifestLocation {
  std::string file;  ///< as given on the command line, "-" for standard input
  std::size_t document = 0;  ///< 0-based, within the file
  std::size_t line = 1;  ///< 1-based first line of the object
  std::map<std::string, std::size_t, std::less<>> lines;  ///< JSON pointer within the object -> 1-based line
};

/// One object of a list, as JSON text: `text` is followed by kJsonPadding spare bytes within `bytes`.
struct Item {
  std::string bytes;
  std::size_t size = 0;  ///< length of the text in `bytes`
  std::shared_ptr<const ManifestLocation> location = {};  ///< manifests only
  std::string_view text() const { return std::string_view(bytes).substr(0, size); }
};

/// One list of one resource, in all namespaces (`ns` empty) or one.
struct ListRequest {
  Resource resource;
  std::string ns;
  /// Only apiVersion, kind and metadata are wanted, and more need not come. Of Secrets more never comes from a server.
  bool metadata_only = false;
};

/// Receives lists. Calls come from the thread that called Source::list, interleaved over the requests; `request` is the index.
class ListSink {
 public:
  virtual ~ListSink() = default;
  virtual void item(std::size_t request, Item item) = 0;
  /// Everything of this request so far is void and will be delivered again (the server's continue token expired).
  virtual void restart(std::size_t request) = 0;
  /// Exactly once per request. No gap: the list is whole. `gap->partial`: the items delivered stand, the rest is unknown.
  virtual void end(std::size_t request, const std::optional<Gap>& gap) = 0;
};

struct GetRequest {
  std::string path;  ///< "/flagz", "/api/v1/namespaces/kube-system"
  std::string accept = "application/json";
};
/// `gap` is set unless the status is 2xx and the content type is one that was asked for.
struct Response {
  int status = 0;
  std::string content_type;
  std::string body;
  std::optional<Gap> gap;
};

struct Discovery {
  std::vector<Resource> resources;  ///< listable ones, each group-resource once, in the server's preferred version
  std::vector<Gap> gaps;  ///< stale or broken API groups, `resource` is the group
  const Resource* find(const std::string& group, const std::string& kind) const;
};

/// "May I …": of a resource, or of a path that is none.
struct AccessQuestion {
  std::string verb;  ///< "list", "get"
  std::string group;
  std::string resource;  ///< plural
  std::string name;  ///< of one object; empty: any
  std::string ns;  ///< empty: in all namespaces, or the resource has none
  std::string path;  ///< "/flagz"; the resource is empty then
};
std::string to_string(const AccessQuestion& question);  ///< "list pods in namespace shop", "get /flagz"

struct Access {
  bool allowed = false;
  std::string problem;  ///< why there is no answer; empty: there is one
};

/// Who answered and as whom we asked. Empty strings and nullopt where the source cannot know.
struct About {
  std::string version;  ///< "v1.37.2"
  std::string server;  ///< URL
  std::string context;  ///< kubeconfig context
  std::string ns;  ///< the context's namespace
  std::string user;  ///< from SelfSubjectReview
  std::vector<std::string> groups;
  std::string uid;  ///< of namespace kube-system
  std::string kind;  ///< "live", "snapshot", "files"
  std::string recorded;  ///< of a snapshot: its scan time, RFC 3339
  bool tls_verified = true;
};

/// Not thread-safe: one thread drives it (a maker may use threads of its own inside).
class Source {
 public:
  virtual ~Source() = default;
  /// First contact. Throws Error(connection|tls|credentials).
  virtual About about() = 0;
  virtual Discovery discover() = 0;
  virtual Response get(const GetRequest& request) = 0;
  /// Reads all requests, several at a time, and returns when each has ended. Throws Error(credentials) when the identity expires.
  virtual void list(std::span<const ListRequest> requests, ListSink& sink) = 0;
  /// Whether absence proves anything: true for a cluster, false for a set of manifests, which others may add to.
  virtual bool shows_whole_cluster() const = 0;
};

}  // namespace posture
