// SPDX-License-Identifier: Apache-2.0
// The names of an admission policy and a few of our own, for expressions of every kind.
#pragma once

#include "posture/cel.h"

namespace posture::fuzz {

inline cel::Environment policy_environment() {
  using cel::TypeKind;
  const cel::Type string = {TypeKind::string, {}};
  return {{{"object", {}},
           {"oldObject", {}},
           {"params", {}},
           {"variables.podSpec", {}},
           {"variables.containers", {TypeKind::list, {{}}}},
           {"facts.known", {TypeKind::boolean, {}}},
           {"authorizer", {TypeKind::authorizer, {}}},
           {"authorizer.requestResource", {TypeKind::resource_check, {}}}},
          {{"apiserver.flag", {string}, {TypeKind::optional, {string}}}}};
}

}  // namespace posture::fuzz
