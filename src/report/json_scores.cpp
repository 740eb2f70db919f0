// SPDX-License-Identifier: Apache-2.0
// Numbers of the JSON report: scores, namespaces, and frameworks with the state of every requirement.
#include <cmath>
#include <optional>

#include "report/json.h"

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

}  // namespace

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

}  // namespace posture
