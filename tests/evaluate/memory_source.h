// SPDX-License-Identifier: Apache-2.0
// A cluster made of objects at hand: lists what it was given, refuses what it was told to refuse.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/yaml.h"
#include "posture/catalog.h"
#include "posture/source.h"

namespace posture {

class MemorySource : public Source {
 public:
  /// Serves only the kinds of the objects that are added, as a set of manifests does.
  MemorySource() = default;
  /// Serves every kind that the catalogue names and every kind of an added object.
  explicit MemorySource(const Catalog& catalog) {
    for (const char* kind : {"NetworkPolicy", "ServiceAccount", "ReplicaSet", "Job", "Pod"})
      serve(known_group(kind), kind);
    for (const char* kind : {"RoleBinding", "ClusterRoleBinding"}) serve("rbac.authorization.k8s.io", kind);
    for (const Check& check : catalog.checks) {
      for (const KindName& kind : check.match) {
        if (kind.kind != kApiServerKind) serve(kind.group, kind.kind);
      }
    }
  }

  void add(Value object) {
    std::string text;
    write_json(object, text);
    const std::string_view version = object["apiVersion"].text();
    const std::size_t slash = version.find('/');
    const KindName kind = {std::string(slash == std::string_view::npos ? "" : version.substr(0, slash)),
                           std::string(object["kind"].text())};
    serve(kind.group, kind.kind);
    items_[kind].push_back(text);
  }
  void add(const std::string& json) { add(JsonDocument(json, "test object").root()); }

  /// Makes the lists of a kind end with `gap`; of a partial one the first `delivered` items come.
  void refuse(const KindName& kind, GapReason reason, std::size_t delivered = 0) {
    refused_[kind] = {to_string(kind), "", 403, reason, "refused by the test", delivered > 0};
    delivered_[kind] = delivered;
  }
  /// Discovery breaks: what the resource of the gap names, a group or "/api" or "/apis", is not seen to be served.
  void hide(const Gap& gap) {
    discovery_.gaps.push_back(gap);
    std::erase_if(discovery_.resources, [&](const Resource& each) {
      return gap.resource == each.group || gap.resource == (each.group.empty() ? "/api" : "/apis");
    });
  }
  /// Makes only the lists of all namespaces end so.
  void refuse_whole(const KindName& kind, GapReason reason, int status) {
    whole_[kind] = {to_string(kind), "", status, reason, "refused as a whole", false};
  }
  /// Makes the list of one namespace end so.
  void refuse_in(const std::string& ns, const KindName& kind) {
    dark_[{kind, ns}] = {to_string(kind), ns, 403, GapReason::forbidden, "refused in " + ns, false};
  }
  /// Delivers everything twice, with a restart between.
  void restart_lists() { restarts_ = true; }

  std::string flagz;  ///< JSON of /flagz; empty: 404
  std::vector<std::string> api_servers = {"192.0.2.10"};  ///< addresses of the service `kubernetes`; empty: 404
  bool open = false;  ///< like a set of manifests
  std::string own = "shop";  ///< namespace of the context
  std::string missing;  ///< a path that answers 404
  std::vector<ListRequest> asked;
  std::vector<std::string> got;  ///< paths

  About about() override {
    About about;
    about.version = "v1.37.0";
    about.kind = "live";
    about.ns = own;
    return about;
  }
  Discovery discover() override { return discovery_; }
  Response get(const GetRequest& request) override {
    got.push_back(request.path);
    Response response;
    response.body = request.path == "/flagz" ? flagz : missing == request.path ? "" : endpoint_slice();
    response.status = response.body.empty() ? 404 : 200;
    if (response.body.empty())
      response.gap = Gap{request.path, "", 404, GapReason::not_served, "the server does not have it", false};
    return response;
  }
  void list(std::span<const ListRequest> requests, ListSink& sink) override {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const KindName kind = {requests[i].resource.group, requests[i].resource.kind};
      asked.push_back(requests[i]);
      if (const Gap* gap = gap_of(requests[i], kind)) {
        sink.end(i, *gap);
        continue;
      }
      deliver(i, requests[i], kind, sink);
      if (restarts_) {
        sink.restart(i);
        deliver(i, requests[i], kind, sink);
      }
      const auto refused = refused_.find(kind);
      sink.end(i, refused == refused_.end() ? std::nullopt : std::optional<Gap>(refused->second));
    }
  }
  bool shows_whole_cluster() const override { return !open; }

 private:
  std::string endpoint_slice() const {
    std::string endpoints;
    for (const std::string& address : api_servers)
      endpoints += (endpoints.empty() ? R"({"addresses":[")" : R"(,{"addresses":[")") + address + R"("]})";
    return endpoints.empty() ? "" : R"({"kind":"EndpointSlice","endpoints":[)" + endpoints + "]}";
  }
  static std::string known_group(const std::string& kind) {
    static const std::map<std::string, std::string> kGroups = {{"NetworkPolicy", "networking.k8s.io"},
                                                               {"ServiceAccount", ""},
                                                               {"ReplicaSet", "apps"},
                                                               {"Job", "batch"},
                                                               {"Pod", ""}};
    return kGroups.at(kind);
  }

  const Gap* gap_of(const ListRequest& request, const KindName& kind) const {
    const auto whole = request.ns.empty() ? whole_.find(kind) : whole_.end();
    if (whole != whole_.end()) return &whole->second;
    const auto dark = dark_.find({kind, request.ns});
    return dark == dark_.end() ? nullptr : &dark->second;
  }

  void serve(const std::string& group, const std::string& kind) {
    if (discovery_.find(group, kind) != nullptr) return;
    const bool namespaced =
        !kind.starts_with("Cluster") && kind != "Namespace" && kind != "Node" && kind != "PersistentVolume";
    discovery_.resources.push_back({group, "v1", kind, kind, namespaced});
  }

  void deliver(std::size_t request, const ListRequest& wanted, const KindName& kind, ListSink& sink) {
    std::size_t left = refused_.count(kind) > 0 ? delivered_[kind] : items_[kind].size();
    for (const std::string& text : items_[kind]) {
      if (left == 0) return;
      const JsonDocument document(text, "item");
      if (!wanted.ns.empty() && document.root()["metadata"]["namespace"].text() != wanted.ns) continue;
      --left;
      sink.item(request, {text + std::string(kJsonPadding, ' '), text.size()});
    }
  }

  Discovery discovery_;
  std::map<KindName, std::vector<std::string>> items_;
  std::map<KindName, Gap> refused_;
  std::map<KindName, std::size_t> delivered_;
  std::map<KindName, Gap> whole_;
  std::map<std::pair<KindName, std::string>, Gap> dark_;
  bool restarts_ = false;
};

/// A catalogue of one check of the built-in ones.
inline Catalog only(const Catalog& catalog, const std::string& id) {
  Catalog one = catalog;
  std::erase_if(one.checks, [&](const Check& check) { return check.id != id; });
  return one;
}

/// A check of this kind and no other, over the built-in controls.
inline Catalog one_check(const std::string& match, const std::string& expect, const std::string& message = "\"'no'\"") {
  Catalog catalog = builtin_catalog();
  const auto file = std::make_shared<std::vector<YamlDocument>>(parse_yaml(
      "format: 1\ntitle: t\ncontrol: WL044\nseverity: high\nwhy: w\nfix: f\nmatch: [" + match + "]\nexpect: " + expect +
          "\nmessage: " + message + "\nexamples: {pass: [{kind: Secret}], fail: [{kind: Secret}]}\n",
      "test"));
  catalog.checks = {read_check(file->front().root(), "test-check", [](Value) { return std::string("test:1"); })};
  catalog.memory.push_back(file);
  return catalog;
}

}  // namespace posture
