// SPDX-License-Identifier: Apache-2.0
// The checks of the JSON report: what each says, and its objects counted by namespace, kind and state.
#include <algorithm>

#include "report/json.h"

namespace posture {
namespace {

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

}  // namespace

void write_checks(const Report& report, JsonStream& json) {
  json.list(report.checks.size(), [&](std::size_t i, JsonStream& row) { write_check(report, report.checks[i], row); });
}

}  // namespace posture
