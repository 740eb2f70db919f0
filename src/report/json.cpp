// SPDX-License-Identifier: Apache-2.0
// The JSON report, section by section in the order of the text. docs/report.schema.json is its contract.
#include "report/json.h"

#include <algorithm>
#include <ostream>

#include "report/formats.h"

namespace posture {
namespace {

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

void write_tool(const Report& report, JsonStream& json) {
  json.open_row();
  json.key("name").text("kube-posture");
  json.key("version").text(report.version);
  json.close();
}

void write_cluster(const Report& report, JsonStream& json) {
  const About& about = report.assessment.about;
  json.open_map();
  json.key("uid").text_or_null(about.uid);
  json.key("version").text_or_null(about.version);
  json.key("server").text_or_null(about.server);
  json.key("context").text_or_null(about.context);
  json.key("tlsVerified").boolean(about.tls_verified);
  json.close();
}

void write_identity(const Report& report, JsonStream& json) {
  json.open_map();
  json.key("user").text_or_null(report.assessment.about.user);
  json.key("groups");
  write_texts(sorted(report.assessment.about.groups), json);
  json.close();
}

void write_scope(const Report& report, JsonStream& json) {
  json.open_map();
  json.key("namespaces");
  write_texts(sorted(report.assessment.scope.namespaces), json);
  json.close();
}

void write_rules(const Report& report, JsonStream& json) {
  json.open_map();
  json.key("version").text(report.version);
  json.key("digest").text(report.catalog.digest);
  json.close();
}

void write_overall_score(const Report& report, JsonStream& json) { write_score(report.score, json); }

void write_exit_code(const Report& report, JsonStream& json) {
  json.number(static_cast<std::uint64_t>(report.exit_code));
}

void write_exit_codes(const Report& report, JsonStream& json) {
  json.open_list_row();
  for (const int code : report.exit_codes) json.number(static_cast<std::uint64_t>(code));
  json.close();
}

void write_gaps(const Report& report, JsonStream& json) {
  json.open_list();
  for (const Gap& gap : report.assessment.gaps) {
    json.open_row();
    json.key("resource").text(gap.resource);
    json.key("namespace").text_or_null(gap.ns);
    json.key("status").number(static_cast<std::uint64_t>(std::max(gap.status, 0)));
    json.key("reason").text(to_string(gap.reason));
    json.key("partial").boolean(gap.partial);
    json.key("message").text(gap.message);
    if (!gap.read_in.empty()) {
      json.key("readIn");
      write_texts(gap.read_in, json);
      json.key("unreadIn");
      write_texts(gap.unread_in, json);
    }
    json.close();
  }
  json.close();
}

void write_schema_version(const Report&, JsonStream& json) { json.text(kReportSchemaVersion); }

void write_scanned_at(const Report& report, JsonStream& json) { json.text(report.now); }

void write_objects_read(const Report& report, JsonStream& json) {
  json.number(std::uint64_t{report.assessment.objects_read});
}

struct Section {
  const char* key;
  void (*write)(const Report& report, JsonStream& json);
};

constexpr Section kSections[] = {
    {"schemaVersion", write_schema_version},
    {"tool", write_tool},
    {"scannedAt", write_scanned_at},
    {"cluster", write_cluster},
    {"identity", write_identity},
    {"scope", write_scope},
    {"rules", write_rules},
    {"score", write_overall_score},
    {"exitCode", write_exit_code},
    {"exitCodes", write_exit_codes},
    {"objectsRead", write_objects_read},
    {"gaps", write_gaps},
    {"namespaces", write_namespaces},
    {"frameworks", write_frameworks},
    {"checks", write_checks},
    {"outcomes", write_outcomes},
};

}  // namespace

void write_texts(const std::vector<std::string>& texts, JsonStream& json) {
  json.open_list_row();
  for (const std::string& text : texts) json.text(text);
  json.close();
}

void write_json_report(const Report& report, const ReportOptions& options, std::ostream& out) {
  JsonStream json(out, options.threads);
  json.open_map();
  for (const Section& section : kSections) {
    json.key(section.key);
    section.write(report, json);
  }
  if (options.include_passed) {
    json.key("passed");
    write_passed(report, json);
  }
  json.close();
  json.finish();
}

}  // namespace posture
