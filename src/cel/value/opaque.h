// SPDX-License-Identifier: Apache-2.0
// What the values of Kubernetes' libraries have in common: storage, equality and text.
#pragma once

#include <string>

#include "cel/run/frame.h"
#include "cel/value/compare.h"

namespace posture::cel {

/// Keeps a copy of `value`, a struct derived from Opaque, in the scratch.
template <typename T>
Datum keep_opaque(Memory& memory, const T& value) {
  T* copy = memory.array<T>(1);
  if (copy == nullptr) return out_of_memory();
  *copy = value;
  return make_opaque(copy);
}

bool equal_opaques(const Datum& left, const Datum& right);
/// Kubernetes' types cannot be compared with other types, null aside: `left == right` is an error then, and so is a quantity
/// on the left of a computed one. Those of the authorizer cannot be compared at all.
bool refuses_equality(const Datum& left, const Datum& right);
std::string opaque_text(const Datum& datum);

}  // namespace posture::cel
