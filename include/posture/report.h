// SPDX-License-Identifier: Apache-2.0
// A finished scan as bytes: one file per format, one row in a table. Same input, same bytes.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "posture/score.h"

namespace posture {

/// Of the JSON report (docs/report.schema.json): a new key raises the minor number, a changed or missing one the major.
inline constexpr const char* kReportSchemaVersion = "1.0.0";

inline constexpr int kIncompleteExit = 3;  ///< something could not be read
inline constexpr int kInterruptedExit = 130;  ///< as of a program that Ctrl-C ends

/// What a report is made of. Borrows catalogue and assessment, which must outlive it.
struct Report {
  const Catalog& catalog;
  const Assessment& assessment;
  std::vector<CheckResult> checks;
  Score score;
  std::vector<FrameworkResult> frameworks;
  std::string now;  ///< scan time, RFC 3339 UTC
  std::string version;  ///< of this program
  int exit_code = 0;  ///< the one that wins: 130 beats 1 beats 2 beats 3; 0 when none applies
  std::vector<int> exit_codes;  ///< all that apply, ascending, without 0
};
/// Scores the assessment. Exit code 3 applies when it is incomplete, 130 when it was interrupted; gates add theirs.
Report make_report(const Catalog& catalog, const Assessment& assessment, std::string now, std::string version);
/// Notes that `code` (1, 2, 3 or kInterruptedExit) applies too.
void add_exit_code(Report& report, int code);

struct ReportOptions {
  std::size_t columns = 80;  ///< text: at least 60 are used
  bool color = false;
  bool unicode = true;  ///< text: whether the terminal shows more than ASCII
  bool include_passed = false;  ///< list passes too, where the assessment kept them
  bool details = true;  ///< text: every finding after the first screen
  std::size_t threads = 1;  ///< that write; the bytes are the same
};

struct ReportFormat {
  const char* name;  ///< of `-o`
  const char* help;
  void (*write)(const Report& report, const ReportOptions& options, std::ostream& out);
};
std::span<const ReportFormat> report_formats();
const ReportFormat* report_format(const std::string& name);  ///< nullptr if there is none of that name

}  // namespace posture
