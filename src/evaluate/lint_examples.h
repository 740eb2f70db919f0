// SPDX-License-Identifier: Apache-2.0
// The examples of a check through the whole pipeline.
#pragma once

#include <string>

#include "posture/catalog.h"

namespace posture {

/// What one example that stands under `outcome` gives instead; empty: what it should.
std::string judge_example(const Check& check, std::string_view outcome, Value example);

}  // namespace posture
