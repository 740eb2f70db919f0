// SPDX-License-Identifier: Apache-2.0
// The writers behind `-o`: one function, one file and one row in formats.cpp each.
#pragma once

#include <iosfwd>

#include "posture/report.h"

namespace posture {

void write_text_report(const Report& report, const ReportOptions& options, std::ostream& out);
void write_json_report(const Report& report, const ReportOptions& options, std::ostream& out);

}  // namespace posture
