// SPDX-License-Identifier: Apache-2.0
// A finished scan as bytes: one file per format, one row in a table. Same input, same bytes.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "posture/score.h"

namespace posture {

inline constexpr const char* kReportSchemaVersion = "1.0.0";

/// What a report is made of. Borrows everything.
struct Report {
  const Catalog& catalog;
  const Assessment& assessment;
  std::vector<CheckResult> checks;
  Score score;
  std::vector<FrameworkResult> frameworks;
  std::string now;       ///< scan time, RFC 3339 UTC
  std::string version;   ///< of this program
  int exit_code = 0;
  std::vector<int> exit_codes;  ///< all that apply, ascending
};
Report make_report(const Catalog& catalog, const Assessment& assessment, std::string now, std::string version);

struct ReportOptions {
  std::size_t columns = 80;
  bool color = false;
  bool include_passed = false;
  bool details = true;  ///< text: every finding after the first screen
};

struct ReportFormat {
  const char* name;  ///< of `-o`
  const char* help;
  void (*write)(const Report& report, const ReportOptions& options, std::ostream& out);
};
std::span<const ReportFormat> report_formats();
const ReportFormat* report_format(const std::string& name);

}  // namespace posture
