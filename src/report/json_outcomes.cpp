// SPDX-License-Identifier: Apache-2.0
// Every outcome of the JSON report as one line; why and how to fix it stand once, with the check.
#include "report/json.h"

namespace posture {
namespace {

std::string api_version_of(const ObjectName& object) {
  return object.group.empty() ? object.version : object.group + "/" + object.version;
}

void write_name(const ObjectName& object, JsonStream& json) {
  json.key("apiVersion").text_or_null(api_version_of(object));
  json.key("kind").text(object.kind);
  json.key("namespace").text_or_null(object.ns);
  json.key("name").text(object.name);
}

void write_object(const Assessment& assessment, std::uint32_t object, JsonStream& json) {
  if (object == kNoObject) return json.null();
  json.open_row();
  write_name(assessment.objects[object], json);
  json.close();
}

void write_where(const Outcome& outcome, JsonStream& json) {
  if (outcome.object == kNoObject) return json.null();
  json.open_row();
  json.key("pointer").text(outcome.pointer);
  json.key("path").text(outcome.path);
  json.close();
}

void write_observed_on(const Assessment& assessment, const Outcome& outcome, JsonStream& json) {
  if (outcome.observed_on == kNoObject) return json.null();
  json.open_row();
  write_name(assessment.objects[outcome.observed_on], json);
  json.key("count").number(std::uint64_t{outcome.observed_count});
  json.close();
}

void write_gap(const Assessment& assessment, const Outcome& outcome, JsonStream& json) {
  if (outcome.gap == kNoObject) return json.null();
  const Gap& gap = assessment.gaps[outcome.gap];
  json.open_row();
  json.key("resource").text(gap.resource);
  json.key("namespace").text_or_null(gap.ns);
  json.key("reason").text(to_string(gap.reason));
  json.close();
}

void write_source(const Outcome& outcome, JsonStream& json) {
  if (outcome.file.empty()) return json.null();
  json.open_row();
  json.key("file").text(outcome.file);
  json.key("document").number(std::uint64_t{outcome.document});
  json.key("line").number(std::uint64_t{outcome.line});
  json.close();
}

void write_check_keys(const Check& check, State state, JsonStream& json) {
  json.key("check").text(check.id);
  json.key("control").text(check.control);
  json.key("state").text(to_string(state));
  json.key("severity").text(to_string(check.severity));
}

/// The namespace an outcome speaks of: its object's, or that to which the missing read was limited.
std::string_view namespace_of(const Assessment& assessment, const Outcome& outcome) {
  return outcome.object == kNoObject ? outcome.ns : std::string_view(assessment.objects[outcome.object].ns);
}

void write_outcome(const Report& report, const Outcome& outcome, JsonStream& json) {
  json.open_row();
  write_check_keys(report.catalog.checks[outcome.check], outcome.state, json);
  json.key("namespace").text_or_null(namespace_of(report.assessment, outcome));
  json.key("object");
  write_object(report.assessment, outcome.object, json);
  json.key("where");
  write_where(outcome, json);
  json.key("observed").raw(outcome.observed);
  json.key("observedOn");
  write_observed_on(report.assessment, outcome, json);
  json.key("message").text(outcome.message);
  json.key("gap");
  write_gap(report.assessment, outcome, json);
  json.key("source");
  write_source(outcome, json);
  json.key("fingerprint")
      .text_or_null(outcome.object == kNoObject ? std::string()
                                                : fingerprint(report.catalog, report.assessment, outcome));
  json.close();
}

void write_pass(const Report& report, const ObjectState& each, JsonStream& json) {
  json.open_row();
  write_check_keys(report.catalog.checks[each.check], each.state, json);
  json.key("object");
  write_object(report.assessment, each.object, json);
  json.close();
}

}  // namespace

void write_outcomes(const Report& report, JsonStream& json) {
  const std::vector<Outcome>& outcomes = report.assessment.outcomes;
  json.list(outcomes.size(), [&](std::size_t i, JsonStream& row) { write_outcome(report, outcomes[i], row); });
}

void write_passed(const Report& report, JsonStream& json) {
  const std::vector<ObjectState>& passed = report.assessment.passed;
  json.list(passed.size(), [&](std::size_t i, JsonStream& row) { write_pass(report, passed[i], row); });
}

}  // namespace posture
