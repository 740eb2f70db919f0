// SPDX-License-Identifier: Apache-2.0
#include "inventory/redact.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "inventory/pod_template.h"

namespace posture {

namespace {

constexpr std::string_view kMirror = "kubernetes.io/config.mirror";
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr std::array<std::string_view, 5> kControlPlane = {"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd",
                                                           "kube-proxy"};
constexpr std::array<std::string_view, 3> kContainerLists = {"containers", "initContainers", "ephemeralContainers"};
constexpr std::array<std::string_view, 3> kProbes = {"livenessProbe", "readinessProbe", "startupProbe"};
constexpr std::array<std::string_view, 2> kHooks = {"postStart", "preStop"};

Node* member(Node* map, std::string_view key) {
  if (map == nullptr || map->type != ValueType::map) return nullptr;
  for (std::uint32_t i = 0; i < map->size; ++i) {
    if (map->members[i].key == key) return &map->members[i].node;
  }
  return nullptr;
}

void drop(Node* map, std::string_view key) {
  if (map == nullptr || map->type != ValueType::map) return;
  Member* end = std::remove_if(map->members, map->members + map->size, [key](const Member& m) { return m.key == key; });
  map->size = static_cast<std::uint32_t>(end - map->members);
}

/// Masks one object tree; a class for the arena that every step needs.
class Redactor {
 public:
  explicit Redactor(Arena& arena) : arena_(arena) {}

  void object(Node& root) {
    Node* metadata = member(&root, "metadata");
    drop(metadata, "managedFields");
    const bool control_plane = is_control_plane(root, metadata);
    annotations(metadata);
    const std::string_view kind = Value(&root)["kind"].text();
    if (kind == "ConfigMap" || kind == "Secret") all_values(root, {"data", "binaryData", "stringData"});
    if (kind == "StorageClass") all_values(root, {"parameters"});
    status(member(&root, "status"));
    driver_options(member(&root, "spec"));
    if (const WorkloadKind* known = workload_kind(kind)) {
      Node* pod = &root;
      for (const std::string_view step : known->steps) pod = member(pod, step);
      pod_template(pod, control_plane);
    } else {
      any_templates(&root);
    }
  }

 private:
  static bool is_control_plane(const Node& root, Node* metadata) {
    const Value meta(metadata);
    if (!meta["annotations"][kMirror].present() || meta["namespace"].text() != "kube-system") return false;
    const Value containers = Value(&root)["spec"]["containers"];
    return std::find(kControlPlane.begin(), kControlPlane.end(), containers.at(0)["name"].text()) != kControlPlane.end();
  }

  void mask(Node* node, std::size_t keep = 0) {
    if (node == nullptr || node->type != ValueType::string || node->size <= keep) return;
    char* stars = static_cast<char*>(arena_.allocate(node->size, 1));
    std::memcpy(stars, node->text, keep);
    std::memset(stars + keep, '*', node->size - keep);
    node->text = stars;
  }

  /// Every string below.
  void mask_all(Node* node) {
    if (node == nullptr) return;
    if (node->type == ValueType::string) mask(node);
    if (node->type == ValueType::list) std::for_each(node->elements, node->elements + node->size, [this](Node& n) { mask_all(&n); });
    if (node->type == ValueType::map) std::for_each(node->members, node->members + node->size, [this](Member& m) { mask_all(&m.node); });
  }

  void all_values(Node& root, std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) mask_all(member(&root, key));
  }

  /// Annotations of Kubernetes' own domains steer behaviour and hold no secrets, but for the copy of the whole object.
  void annotations(Node* metadata) {
    Node* map = member(metadata, "annotations");
    drop(map, kLastApplied);
    if (map == nullptr || map->type != ValueType::map) return;
    for (std::uint32_t i = 0; i < map->size; ++i) {
      const std::string_view key = map->members[i].key;
      const std::string_view domain = key.substr(0, key.find('/'));
      const bool own = domain.ends_with("kubernetes.io") && (domain.size() == 13 || domain[domain.size() - 14] == '.');
      if (!own) mask(&map->members[i].node);
    }
  }

  void status(Node* status) {
    if (status == nullptr || status->type != ValueType::map) return;
    mask_messages(status);
  }

  void mask_messages(Node* node) {
    if (node->type == ValueType::list) std::for_each(node->elements, node->elements + node->size, [this](Node& n) { mask_messages(&n); });
    if (node->type != ValueType::map) return;
    for (std::uint32_t i = 0; i < node->size; ++i) {
      Member& child = node->members[i];
      if (child.key == "message") {
        mask(&child.node);
      } else {
        mask_messages(&child.node);
      }
    }
  }

  void driver_options(Node* volume) {
    mask_all(member(member(volume, "csi"), "volumeAttributes"));
    mask_all(member(member(volume, "flexVolume"), "options"));
  }

  void pod_template(Node* pod, bool control_plane) {
    annotations(member(pod, "metadata"));
    pod_spec(member(pod, "spec"), control_plane);
  }

  /// Kinds we do not know may hold pod specs anywhere.
  void any_templates(Node* node) {
    if (node->type == ValueType::list) each(node, [this](Node* element) { any_templates(element); });
    if (node->type != ValueType::map) return;
    pod_spec(node, false);
    for (std::uint32_t i = 0; i < node->size; ++i) any_templates(&node->members[i].node);
  }

  void pod_spec(Node* spec, bool control_plane) {
    for (const std::string_view list : kContainerLists) {
      each(member(spec, list), [this, control_plane](Node* node) { container(node, control_plane); });
    }
    each(member(spec, "volumes"), [this](Node* node) { driver_options(node); });
  }

  template <typename Step>
  static void each(Node* list, Step step) {
    if (list == nullptr || list->type != ValueType::list) return;
    for (std::uint32_t i = 0; i < list->size; ++i) step(list->elements + i);
  }

  void container(Node* container, bool control_plane) {
    each(member(container, "env"), [this](Node* variable) { mask_all(member(variable, "value")); });
    if (!control_plane) {
      for (const char* words : {"command", "args"}) each(member(container, words), [this](Node* word) { argument(word); });
    }
    for (const std::string_view probe : kProbes) handler(member(container, probe));
    for (const std::string_view hook : kHooks) handler(member(member(container, "lifecycle"), hook));
  }

  void handler(Node* handler) {
    each(member(member(handler, "exec"), "command"), [this](Node* word) { argument(word); });
    each(member(member(handler, "httpGet"), "httpHeaders"), [this](Node* header) { mask(member(header, "value")); });
  }

  /// `--name=value` keeps its name, `--name` is kept, `-x…` keeps two bytes; everything else may be a secret.
  void argument(Node* word) {
    if (word->type != ValueType::string) return;
    const std::string_view text(word->text, word->size);
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const bool is_name = name.size() > 2 && name.starts_with("--") && std::all_of(name.begin() + 2, name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    if (is_name) return equals == std::string_view::npos ? void() : mask(word, equals + 1);
    mask(word, text.starts_with("-") ? std::min<std::size_t>(2, text.size()) : 0);
  }

  Arena& arena_;
};

}  // namespace

void redact(Node& object, Arena& arena) { Redactor(arena).object(object); }

}  // namespace posture
