// SPDX-License-Identifier: Apache-2.0
// What `each` means: the elements of an object that a check judges one by one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "posture/catalog.h"
#include "posture/inventory.h"

namespace posture {

struct Element {
  Value value;
  bool in_pod = false;  ///< below the pod spec
  std::string_view list = {};  ///< of the check or static; empty: the pod spec or the object itself
  std::size_t index = 0;
  std::string (*name)(Value) = nullptr;

  std::string pointer() const;  ///< JSON pointer below the pod spec (containers, volumes) or the object
  std::string path() const;     ///< the same with names for indexes: "containers[app]"
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

/// Fills `out` with the elements, or the object itself (for workload checks: its pod spec) when the check has no `each`.
void list_elements(const Check& check, const Object& object, const Workload* workload, std::vector<Element>& out);

}  // namespace posture
