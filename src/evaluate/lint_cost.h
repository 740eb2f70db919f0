// SPDX-License-Identifier: Apache-2.0
// What the texts of a check cost an API server that holds them as a policy.
#pragma once

#include <string>

#include "posture/catalog.h"

namespace posture {

/// Why an expression of the check cannot be evaluated, whatever the object: its least cost is above the limit. Else empty.
std::string excessive_cost(const Check& check, const std::string& expression);
/// Why a policy made of the check would fail on this example: the rule costs too much over its elements. Else empty.
std::string excessive_cost(const Check& check, Value example);

}  // namespace posture
