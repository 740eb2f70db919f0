// SPDX-License-Identifier: Apache-2.0
#include "posture/score.h"

#include <catch2/catch.hpp>
#include <random>

#include "sample.h"

using namespace posture;

namespace {

struct Counts {
  Severity severity = Severity::medium;
  std::uint64_t pass = 0;
  std::uint64_t fail = 0;
  std::uint64_t open = 0;
  bool population_unknown = false;
};

CheckResult result(std::uint32_t check, const Counts& counts) {
  CheckResult made;
  made.check = check;
  made.count[static_cast<std::size_t>(State::pass)] = counts.pass;
  made.count[static_cast<std::size_t>(State::fail)] = counts.fail;
  made.count[static_cast<std::size_t>(State::not_assessed)] = counts.open;
  made.population_unknown = counts.population_unknown;
  return made;
}

Score score_of(const std::vector<Counts>& all) {
  Sample sample;
  std::vector<CheckResult> results;
  for (const Counts& counts : all) {
    const std::uint32_t check = sample.check("check-" + std::to_string(results.size()), counts.severity);
    results.push_back(result(check, counts));
  }
  return score(sample.catalog, results);
}

}  // namespace

TEST_CASE("one check: half for being free of failures, half in proportion") {
  struct Row {
    Counts counts;
    std::optional<double> value;
    double low, high;
  };
  const auto row = GENERATE(values<Row>({
      {{Severity::high, 10, 0}, 100, 100, 100},
      {{Severity::high, 0, 10}, 0, 0, 0},
      {{Severity::high, 5, 5}, 25, 25, 25},
      {{Severity::high, 9999, 1}, 49.995, 49.995, 49.995},
      {{Severity::high, 6, 2, 2}, 37.5, 30, 40},
      {{Severity::high, 6, 0, 2}, 100, 37.5, 100},
      {{Severity::high, 0, 0, 4}, std::nullopt, 0, 100},
      {{Severity::high, 0, 0, 0, true}, std::nullopt, 0, 100},
      {{Severity::high, 7, 0, 0, true}, 100, 0, 100},
      {{Severity::high, 3, 1, 2, true}, 37.5, 0, 50},
      {{Severity::info, 3, 1}, std::nullopt, 0, 100},
      {{Severity::high, 0, 0}, std::nullopt, 0, 100},
  }));
  const Score scored = score_of({row.counts});
  CHECK(scored.value.has_value() == row.value.has_value());
  if (row.value) CHECK(*scored.value == Approx(*row.value));
  CHECK(scored.low == Approx(row.low));
  CHECK(scored.high == Approx(row.high));
}

TEST_CASE("checks weigh by severity, and those without objects drop out") {
  const Score scored = score_of({{Severity::critical, 0, 1},
                                 {Severity::high, 4, 0},
                                 {Severity::medium, 1, 1},
                                 {Severity::low, 0, 0},
                                 {Severity::info, 0, 9}});
  CHECK(*scored.value == Approx(100 * (0 * 10 + 1 * 6 + 0.25 * 3) / 19));
}

TEST_CASE("the worked example of docs/score.md") {
  const Score scored = score_of({{Severity::critical, 199, 1},
                                 {Severity::high, 30, 10, 10},
                                 {Severity::medium, 8, 0},
                                 {Severity::low, 0, 0, 0, true}});
  CHECK(*scored.value == Approx(53.816).margin(0.001));
  CHECK(scored.low == Approx(48.875).margin(0.001));
  CHECK(scored.high == Approx(56.875).margin(0.001));
  CHECK(*scored.coverage == Approx(0.89).margin(0.0001));
}

TEST_CASE("an empty population has no score, and coverage says whether that is known") {
  CHECK(!score_of({}).coverage);
  CHECK(*score_of({{Severity::high, 0, 0}}).coverage == 1);
  CHECK(*score_of({{Severity::high, 0, 0, 0, true}}).coverage == 0);
  CHECK(!score_of({{Severity::high, 0, 0}}).value);
}

TEST_CASE("coverage is the share of objects answered, weighted; info weighs like low") {
  CHECK(*score_of({{Severity::critical, 5, 5}, {Severity::low, 0, 0, 7}}).coverage == Approx(10.0 / 11));
  CHECK(*score_of({{Severity::info, 1, 0}, {Severity::low, 0, 0, 7}}).coverage == Approx(0.5));
  CHECK(*score_of({{Severity::low, 3, 0, 1}}).coverage == Approx(0.75));
}

TEST_CASE("a waiver does not raise the score") {
  Sample sample;
  const std::uint32_t check = sample.check("check", Severity::high);
  std::vector<CheckResult> results = {result(check, {Severity::high, 3, 1})};
  const double failing = *score(sample.catalog, results).value;
  --results[0].count[static_cast<std::size_t>(State::fail)];
  ++results[0].count[static_cast<std::size_t>(State::waived)];
  CHECK(*score(sample.catalog, results).value == failing);
  CHECK(results[0].state() == State::waived);
}

TEST_CASE("points to gain are what mending one check adds") {
  Sample sample;
  std::vector<CheckResult> results = {result(sample.check("a", Severity::critical), {Severity::critical, 3, 2}),
                                      result(sample.check("b", Severity::low), {Severity::low, 1, 0}),
                                      result(sample.check("c", Severity::low), {Severity::low, 0, 0, 3})};
  const double before = *score(sample.catalog, results).value;
  const std::vector<double> points = points_to_gain(sample.catalog, results);
  results[0] = result(0, {Severity::critical, 5, 0});
  CHECK(*score(sample.catalog, results).value - before == Approx(points[0]));
  CHECK(points[1] == 0);
  CHECK(points[2] == 0);
}

namespace {

constexpr double kRounding = 1e-9;

class RandomScan {
 public:
  explicit RandomScan(std::uint32_t seed) : random_(seed) {
    const std::size_t checks = 1 + pick(8);
    for (std::size_t i = 0; i < checks; ++i) {
      const std::uint32_t check = sample.check("c" + std::to_string(i), static_cast<Severity>(pick(kSeverities)));
      results.push_back(result(check, {}));
      for (std::uint64_t& count : results.back().count) count = pick(3) == 0 ? 0 : pick(pick(2) == 0 ? 4 : 5000);
      results.back().population_unknown = pick(5) == 0;
    }
  }

  std::size_t pick(std::size_t below) { return random_() % below; }

  std::uint64_t& count(CheckResult& of, State state) { return of.count[static_cast<std::size_t>(state)]; }

  /// Takes knowledge away: objects of a check become not assessed, or vanish in a population that is no longer known.
  void forget() {
    CheckResult& victim = results[pick(results.size())];
    const bool vanish = pick(2) == 0;
    for (const State state : {State::not_applicable, State::pass, State::fail, State::waived, State::not_assessed}) {
      std::uint64_t& known = count(victim, state);
      const std::uint64_t moved = known == 0 ? 0 : pick(known + 1);
      known -= moved;
      if (!vanish) count(victim, State::not_assessed) += moved;
    }
    victim.population_unknown = victim.population_unknown || vanish;
  }

  /// Settles everything open at random: the truth behind the scan.
  std::vector<CheckResult> truth() {
    std::vector<CheckResult> settled = results;
    for (CheckResult& each : settled) {
      std::uint64_t open = count(each, State::not_assessed) + (each.population_unknown ? pick(200) : 0);
      count(each, State::not_assessed) = 0;
      each.population_unknown = false;
      for (const State state : {State::pass, State::fail, State::not_applicable}) {
        const std::uint64_t some = state == State::not_applicable ? open : pick(open + 1);
        count(each, state) += some;
        open -= some;
      }
    }
    return settled;
  }

  Sample sample;
  std::vector<CheckResult> results;

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("the value lies within the bounds, and so does the truth") {
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    RandomScan scan(seed);
    const Score scored = score(scan.sample.catalog, scan.results);
    REQUIRE(0 <= scored.low);
    REQUIRE(scored.low <= scored.high);
    REQUIRE(scored.high <= 100);
    if (scored.value) REQUIRE((scored.low <= *scored.value && *scored.value <= scored.high));
    const std::optional<double> truth = score(scan.sample.catalog, scan.truth()).value;
    if (truth) REQUIRE((scored.low - kRounding <= *truth && *truth <= scored.high + kRounding));
  }
}

TEST_CASE("monotone in knowledge: forgetting never raises low, never lowers high, never adds coverage") {
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    RandomScan scan(seed);
    Score before = score(scan.sample.catalog, scan.results);
    for (int step = 0; step < 5; ++step) {
      scan.forget();
      const Score after = score(scan.sample.catalog, scan.results);
      REQUIRE(after.low <= before.low + kRounding);
      REQUIRE(after.high >= before.high - kRounding);
      REQUIRE(*after.coverage <= *before.coverage + kRounding);
      before = after;
    }
  }
}

TEST_CASE("every single fix raises the score") {
  for (std::uint32_t seed = 0; seed < 1000; ++seed) {
    RandomScan scan(seed);
    for (CheckResult& each : scan.results) {
      if (each.of(State::fail) == 0 || scan.sample.catalog.checks[each.check].severity == Severity::info) continue;
      const double before = *score(scan.sample.catalog, scan.results).value;
      --scan.count(each, State::fail);
      ++scan.count(each, State::pass);
      REQUIRE(*score(scan.sample.catalog, scan.results).value > before);
    }
  }
}
