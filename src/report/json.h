// SPDX-License-Identifier: Apache-2.0
// The sections of the JSON report that have files of their own. Each function writes one value.
#pragma once

#include <string>
#include <vector>

#include "posture/report.h"
#include "report/json_stream.h"

namespace posture {

void write_score(const Score& score, JsonStream& json);
void write_texts(const std::vector<std::string>& texts, JsonStream& json);

void write_namespaces(const Report& report, JsonStream& json);
void write_frameworks(const Report& report, JsonStream& json);
void write_checks(const Report& report, JsonStream& json);
void write_outcomes(const Report& report, JsonStream& json);  ///< one line per element, as are the passes
void write_passed(const Report& report, JsonStream& json);

}  // namespace posture
