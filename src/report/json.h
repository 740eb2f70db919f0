// SPDX-License-Identifier: Apache-2.0
// Pieces of the JSON report that stand in more than one of its files.
#pragma once

#include <cstdint>

#include "posture/report.h"
#include "report/json_stream.h"

namespace posture {

/// The values of `outcomes` and `passed`: one line per element.
void write_outcomes(const Report& report, JsonStream& json);
void write_passed(const Report& report, JsonStream& json);

}  // namespace posture
