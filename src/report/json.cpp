// SPDX-License-Identifier: Apache-2.0
// The JSON report, section by section in the order of the text. docs/report.schema.json is its contract.
#include "report/json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include "report/formats.h"

namespace posture {
namespace {

/// Rounded down, so that nothing unfinished looks finished, and the same on every machine.
double rounded(double number, double steps) { return std::floor(number * steps + 1e-6) / steps; }

void write_number_or_null(std::optional<double> number, double steps, JsonStream& json) {
  if (number)
    json.number(rounded(*number, steps));
  else
    json.null();
}

void write_texts(std::vector<std::string> texts, JsonStream& json) {
  json.open_list_row();
  for (const std::string& text : texts) json.text(text);
  json.close();
}

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

void write_score(const Score& score, JsonStream& json) {
  json.open_row();
  json.key("value");
  write_number_or_null(score.value, 1000, json);
  json.key("low").number(rounded(score.low, 1000));
  json.key("high").number(rounded(score.high, 1000));
  json.key("coverage");
  write_number_or_null(score.coverage, 10000, json);
  json.key("formula").number(std::uint64_t{kScoreFormula});
  json.close();
}

void write_overall_score(const Report& report, JsonStream& json) { write_score(report.score, json); }

void write_namespaces(const Report& report, JsonStream& json) {
  json.open_list();
  for (const auto& [ns, score] : score_by_namespace(report.catalog, report.assessment)) {
    if (ns.empty()) continue;
    json.open_row();
    json.key("name").text(ns);
    json.key("score");
    write_score(score, json);
    json.close();
  }
  json.close();
}

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
    json.close();
  }
  json.close();
}

const char* state_key(std::size_t state) { return to_string(static_cast<State>(state)); }

void write_counts(const CheckResult& result, JsonStream& json) {
  json.open_row();
  for (std::size_t state = kStates; state-- > 0;) json.key(state_key(state)).number(result.count[state]);
  json.key("populationUnknown").boolean(result.population_unknown);
  json.close();
}

void write_tally(const Tally& tally, JsonStream& json) {
  json.open_row();
  json.key("namespace").text_or_null(tally.ns);
  json.key("kind").text(tally.kind);
  for (std::size_t state = kStates; state-- > 0;) {
    if (tally.count[state] > 0) json.key(state_key(state)).number(tally.count[state]);
  }
  json.close();
}

void write_tallies(const Report& report, std::uint32_t check, JsonStream& json) {
  struct ByCheck {
    bool operator()(const Tally& tally, std::uint32_t wanted) const { return tally.check < wanted; }
    bool operator()(std::uint32_t wanted, const Tally& tally) const { return wanted < tally.check; }
  };
  const std::vector<Tally>& all = report.assessment.tallies;
  const auto [first, last] = std::equal_range(all.begin(), all.end(), check, ByCheck{});
  json.open_list();
  for (auto tally = first; tally != last; ++tally) write_tally(*tally, json);
  json.close();
}

void write_check(const Report& report, const CheckResult& result, JsonStream& json) {
  const Check& check = report.catalog.checks[result.check];
  json.open_map();
  json.key("id").text(check.id);
  json.key("title").text(check.title);
  json.key("control").text(check.control);
  json.key("severity").text(to_string(check.severity));
  json.key("state").text(to_string(result.state()));
  json.key("why").text(check.why);
  json.key("fix").text(check.fix);
  json.key("links");
  write_texts(check.links, json);
  json.key("counts");
  write_counts(result, json);
  json.key("objects");
  write_tallies(report, result.check, json);
  json.close();
}

void write_checks(const Report& report, JsonStream& json) {
  json.open_list();
  for (const CheckResult& result : report.checks) write_check(report, result, json);
  json.close();
}

void write_requirement(const Report& report, const RequirementResult& result, JsonStream& json) {
  json.open_row();
  json.key("id").text(result.requirement->id);
  json.key("title").text(result.requirement->title);
  json.key("level").text_or_null(result.requirement->level);
  json.key("state").text(to_string(result.state));
  json.key("controls");
  write_texts(result.requirement->controls, json);
  json.key("checks").open_list_row();
  for (const std::uint32_t check : result.checks) json.text(report.catalog.checks[check].id);
  json.close();
  json.close();
}

void write_requirement_counts(const FrameworkResult& result, JsonStream& json) {
  json.open_row();
  for (std::size_t i = 0; i < kRequirementStates; ++i) {
    const RequirementState state = static_cast<RequirementState>(i);
    json.key(to_string(state)).number(std::uint64_t{result.count(state)});
  }
  json.close();
}

void write_frameworks(const Report& report, JsonStream& json) {
  json.open_list();
  for (const FrameworkResult& result : report.frameworks) {
    json.open_map();
    json.key("id").text(result.framework->id);
    json.key("title").text(result.framework->title);
    json.key("version").text_or_null(result.framework->version);
    json.key("score");
    write_score(result.score, json);
    json.key("counts");
    write_requirement_counts(result, json);
    json.key("requirements").open_list();
    for (const RequirementResult& each : result.requirements) write_requirement(report, each, json);
    json.close();
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

void write_json_report(const Report& report, const ReportOptions& options, std::ostream& out) {
  JsonStream json(out);
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
