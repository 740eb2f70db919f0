// SPDX-License-Identifier: Apache-2.0
// Items become objects: identity, owner and the one view of all workload kinds. What may be secret is gone before anything looks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "posture/source.h"
#include "posture/value.h"

namespace posture {

class Arena;

/// An API object while it is being judged. Views borrow from its tree.
struct Object {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view ns;
  std::string_view name;
  Value root;
};

/// Makes `root` (one item of a list of `resource`) an object: adds the apiVersion and kind that list items lack, drops managedFields and
/// last-applied-configuration, and masks every value that may hold a secret (redact.h) with asterisks of the same length.
/// nullopt when it is not an object with a name.
std::optional<Object> read_object(Node& root, const Resource& resource, Arena& arena);

/// An API object by name, or a pseudo-object (`APIServer`). The version is how it was read, not what it is: it takes no part in
/// comparisons, which order by namespace, kind, group and name.
struct ObjectName {
  std::string ns;
  std::string group;
  std::string kind;
  std::string name;
  std::string version;
  friend bool operator==(const ObjectName& a, const ObjectName& b) { return a.key() == b.key(); }
  friend bool operator<(const ObjectName& a, const ObjectName& b) { return a.key() < b.key(); }

 private:
  std::tuple<const std::string&, const std::string&, const std::string&, const std::string&> key() const {
    return std::tie(ns, kind, group, name);
  }
};
struct ObjectNameHash {
  std::size_t operator()(const ObjectName& object) const;
};
ObjectName name_of(const Object& object);

/// A pod template wherever its kind keeps it.
struct Workload {
  Value metadata;  ///< of the pod or pod template; absent when missing
  Value spec;  ///< the pod spec
  std::string_view pointer;  ///< JSON pointer of the pod or template within the object: "", "/spec/template", …
};
/// nullopt for kinds without a pod template and for objects whose template has no spec.
std::optional<Workload> workload(const Object& object);
/// Where objects of a kind keep their pod template ("" for Pod); "/spec/template" for kinds we do not know.
std::string_view template_pointer(std::string_view group, std::string_view kind);
bool has_pod_template(std::string_view group, std::string_view kind);  ///< as far as we know
/// Whether anything of the workload runs or may run: false for finished pods and jobs and for replica sets scaled to zero.
bool is_running(const Object& object);
/// A static pod as the API shows it: its spec comes from a file on the node.
bool is_mirror_pod(const Object& object);

/// The controller named in ownerReferences; nodes do not count. `implied` is the controller's own owner as far as names tell, for when
/// the controller cannot be read: pod-template-hash gives the Deployment, a job named after a schedule its CronJob.
struct Owner {
  ObjectName direct;
  std::optional<ObjectName> implied;
};
std::optional<Owner> controller(const Object& object);

/// Who owns whom, filled from workload objects as they pass; merging is order-independent.
class Owners {
 public:
  void add(const Object& object);
  void merge(const Owners& other);
  /// The end of the chain of controllers that begins at `child`; `child` itself when nobody owns it. Kinds that were not read are
  /// followed by name where the name implies the owner. Valid as long as `child` and this one, unchanged.
  const ObjectName& top(const ObjectName& child) const;

 private:
  const ObjectName* owner(const ObjectName& child) const;  // nullptr: nobody, or not known

  std::unordered_map<ObjectName, std::optional<ObjectName>, ObjectNameHash>
      known_;  // nullopt: seen, and nobody owns it
  std::unordered_map<ObjectName, ObjectName, ObjectNameHash> implied_;
};

}  // namespace posture
