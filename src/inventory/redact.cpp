// SPDX-License-Identifier: Apache-2.0
// One walk over the object; a table says by field name what may hold a secret, wherever a kind keeps it.
#include "inventory/redact.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string_view>

#include "base/tree.h"

namespace posture {

namespace {

constexpr std::string_view kMirror = "kubernetes.io/config.mirror";
constexpr std::array<std::string_view, 5> kControlPlane = {"kube-apiserver", "kube-controller-manager",
                                                           "kube-scheduler", "etcd", "kube-proxy"};
/// Annotations that steer Kubernetes itself and that checks may ask about; every other value is somebody's own.
constexpr std::array<std::string_view, 8> kKnownAnnotations = {"container.apparmor.security.beta.kubernetes.io/",
                                                               "container.seccomp.security.alpha.kubernetes.io/",
                                                               "kubernetes.io/config.",
                                                               "kubernetes.io/enforce-mountable-secrets",
                                                               "kubernetes.io/service-account.",
                                                               "pod-security.kubernetes.io/",
                                                               "rbac.authorization.kubernetes.io/",
                                                               "seccomp.security.alpha.kubernetes.io/"};
constexpr std::size_t kShortestUrl = std::string_view("s://h/p").size();  // with something to mask
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

void drop(Node& map, std::string_view key) {
  if (map.type != ValueType::map) return;
  Member* end =
      std::remove_if(map.members, map.members + map.size, [key](const Member& member) { return member.key == key; });
  map.size = static_cast<std::uint32_t>(end - map.members);
}

std::span<Member> members(Node& node) {
  return node.type == ValueType::map ? std::span(node.members, node.size) : std::span<Member>();
}
std::span<Node> elements(Node& node) {
  return node.type == ValueType::list ? std::span(node.elements, node.size) : std::span<Node>();
}

/// Masks one object tree; a class for the arena that every step needs.
class Redactor {
 public:
  Redactor(const Node& root, Arena& arena) : arena_(arena) {
    const Value object(&root);
    const std::string_view kind = object["kind"].text();
    is_data_ = kind == "ConfigMap" || kind == "Secret";
    is_control_plane_ = object["metadata"]["namespace"].text() == "kube-system" &&
                        object["metadata"]["annotations"][kMirror].present() &&
                        std::find(kControlPlane.begin(), kControlPlane.end(),
                                  object["spec"]["containers"].at(0)["name"].text()) != kControlPlane.end();
  }

  void object(Node& root) {
    for (Member& member : members(root)) {
      if (is_data_ && member.key != "metadata" && member.key != "kind" && member.key != "apiVersion" &&
          member.key != "type") {
        mask_all(member.node);
      } else {
        field(member.key, member.node);
      }
    }
  }

 private:
  using Rule = void (Redactor::*)(Node&);
  struct FieldRule {
    std::string_view name;
    Rule apply;
  };

  /// Fields by name, wherever they stand.
  static std::span<const FieldRule> rules() {
    static constexpr FieldRule kRules[] = {
        {"annotations", &Redactor::annotations}, {"args", &Redactor::arguments},
        {"command", &Redactor::arguments},       {"env", &Redactor::variables},
        {"flexVolume", &Redactor::options},      {"httpGet", &Redactor::request},
        {"message", &Redactor::mask_all},        {"metadata", &Redactor::metadata},
        {"parameters", &Redactor::mask_all},     {"volumeAttributes", &Redactor::mask_all},
    };
    return kRules;
  }

  /// Those of all rules: few other names share one.
  static std::uint64_t bits() {
    static const std::uint64_t kBits =
        std::accumulate(rules().begin(), rules().end(), std::uint64_t{0},
                        [](std::uint64_t known, const FieldRule& rule) { return known | bit_of(rule.name); });
    return kBits;
  }

  void field(std::string_view name, Node& node) {
    if ((bits_ & bit_of(name)) == 0) return any(node);
    for (const FieldRule& rule : rules()) {
      if (rule.name == name) return (this->*rule.apply)(node);
    }
    any(node);
  }

  void any(Node& node) {
    if (node.type == ValueType::string) return url(node);
    for (Member& member : members(node)) field(member.key, member.node);
    for (Node& element : elements(node)) any(element);
  }

  void metadata(Node& node) {
    drop(node, "managedFields");
    any(node);
  }

  void annotations(Node& map) {
    drop(map, kLastApplied);
    for (Member& member : members(map)) {
      const bool known = std::any_of(kKnownAnnotations.begin(), kKnownAnnotations.end(),
                                     [&](std::string_view prefix) { return member.key.starts_with(prefix); });
      if (!known) mask_all(member.node);
    }
  }

  /// Entries with a name and a value: environment variables and headers.
  void variables(Node& list) {
    for (Node& entry : elements(list)) {
      for (Member& member : members(entry)) {
        if (member.key == "value") mask_all(member.node);
      }
    }
  }

  void options(Node& volume) {
    for (Member& member : members(volume)) member.key == "options" ? mask_all(member.node) : any(member.node);
  }

  /// Of a probe or hook: the path may be the secret, as with chat hooks.
  void request(Node& node) {
    for (Member& member : members(node)) {
      if (member.key == "path") {
        mask_all(member.node);
      } else {
        member.key == "httpHeaders" ? variables(member.node) : any(member.node);
      }
    }
  }

  /// Of a URL, scheme and host are kept; credentials, path and query may be secret.
  void url(Node& node) {
    if (node.size < kShortestUrl) return;
    const std::string_view text(node.text, node.size);
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) return;
    const std::size_t host = scheme + 3;
    const std::size_t end = std::min(text.find_first_of("/?#", host), text.size());
    const std::size_t user = text.substr(0, end).rfind('@');
    if (user != std::string_view::npos && user > host) mask(node, host, user);
    mask(node, std::min(end + 1, text.size()), text.size());
  }

  void arguments(Node& list) {
    if (is_control_plane_) return;
    if (list.type != ValueType::list) return any(list);
    for (Node& word : elements(list)) argument(word);
  }

  /// `--name=value` keeps its name, `--name` is kept, `-x…` keeps two bytes; everything else may be a secret.
  void argument(Node& word) {
    if (word.type != ValueType::string) return any(word);
    const std::string_view text(word.text, word.size);
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const bool is_name =
        name.size() > 2 && name.starts_with("--") && std::all_of(name.begin() + 2, name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        });
    const std::size_t plain = text.starts_with("-") ? 2 : 0;
    mask(word, is_name ? (equals == std::string_view::npos ? word.size : equals + 1) : plain, word.size);
  }

  /// Every string below.
  void mask_all(Node& node) {
    if (node.type == ValueType::string) return mask(node, 0, node.size);
    for (Member& member : members(node)) mask_all(member.node);
    for (Node& element : elements(node)) mask_all(element);
  }

  /// Asterisks over the bytes from `begin` to `end`.
  void mask(Node& node, std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    char* stars = static_cast<char*>(arena_.allocate(node.size, 1));
    std::memcpy(stars, node.text, node.size);
    std::memset(stars + begin, '*', end - begin);
    node.text = stars;
  }

  Arena& arena_;
  const std::uint64_t bits_ = bits();
  bool is_data_ = false;
  bool is_control_plane_ = false;
};

}  // namespace

void redact(Node& object, Arena& arena) { Redactor(object, arena).object(object); }

}  // namespace posture
