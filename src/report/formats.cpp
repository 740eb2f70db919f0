// SPDX-License-Identifier: Apache-2.0
#include "report/formats.h"

#include <algorithm>

namespace posture {

std::span<const ReportFormat> report_formats() {
  static constexpr ReportFormat kFormats[] = {
      {"text", "for people: a first screen of 24 lines, then every finding", write_text_report},
      {"json", "for programs: everything, as docs/report.schema.json describes it", write_json_report},
  };
  return kFormats;
}

const ReportFormat* report_format(const std::string& name) {
  const std::span<const ReportFormat> formats = report_formats();
  const auto found =
      std::find_if(formats.begin(), formats.end(), [&](const ReportFormat& each) { return name == each.name; });
  return found != formats.end() ? &*found : nullptr;
}

}  // namespace posture
