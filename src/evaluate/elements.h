// SPDX-License-Identifier: Apache-2.0
// What `each` means: the elements of an object that a check judges one by one.
#pragma once

#include <string>
#include <vector>

#include "posture/catalog.h"
#include "posture/inventory.h"

namespace posture {

struct Element {
  Value value;
  std::string pointer;  ///< JSON pointer below the pod spec (containers, volumes) or the object
  std::string path;     ///< the same with names for indexes: "containers[app]"
  bool in_pod = false;  ///< below the pod spec
};

/// Where the elements of an `each` are listed: fields of the pod spec, or of the object.
struct ElementLists {
  std::vector<std::string> fields;
  bool in_pod = false;
};
ElementLists element_lists(const Each& each);

/// A name without the five random letters that the API server gives the token volume of a pod; other names as they are.
std::string_view without_token_suffix(std::string_view name);
bool may_name_token_volume(std::string_view text);

/// The elements, or the object itself (for workload checks: its pod spec) when the check has no `each`.
std::vector<Element> elements(const Check& check, const Object& object, const Workload* workload);

}  // namespace posture
