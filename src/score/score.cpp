// SPDX-License-Identifier: Apache-2.0
// The formula: results of checks to a score with bounds and coverage. docs/score.md explains it.
#include "posture/score.h"

#include <algorithm>
#include <array>

namespace posture {
namespace {

/// What one check adds: nothing at all when it asked about no object.
struct Share {
  bool counts = false;  ///< it has objects that pass, fail or are unknown
  std::optional<double> value;
  double low = 0;
  double high = 1;
};

/// Half for being free of failures, half for the proportion. Precondition: passed + failed > 0.
double share_of(std::uint64_t passed, std::uint64_t failed) {
  if (failed == 0) return 1;
  return 0.5 * static_cast<double>(passed) / static_cast<double>(passed + failed);
}

/// A waiver silences a gate, not the score: what it covers is still so.
std::uint64_t failed(const CheckResult& result) { return result.of(State::fail) + result.of(State::waived); }

Share share_of(const CheckResult& result) {
  const std::uint64_t pass = result.of(State::pass);
  const std::uint64_t fail = failed(result);
  const std::uint64_t open = result.of(State::not_assessed);
  Share share;
  share.counts = pass + fail + open > 0 || result.population_unknown;
  if (pass + fail > 0) share.value = share_of(pass, fail);
  if (!share.counts) return share;
  if (result.population_unknown) {  // the unseen part may be as large, and as bad or good, as it likes
    share.high = fail == 0 ? 1 : 0.5;
  } else {
    share.low = share_of(pass, fail + open);
    share.high = share_of(pass + open, fail);
  }
  return share;
}

/// A weighted mean in the making.
struct Mean {
  double sum = 0;
  double weight = 0;
  void add(double share, double its_weight) {
    sum += its_weight * share;
    weight += its_weight;
  }
  std::optional<double> mean(double scale) const {
    return weight > 0 ? std::optional<double>(scale * sum / weight) : std::nullopt;
  }
};

/// Everything asked was answered, also "there is no such object" and "does not apply"; what is manual by declaration
/// was not asked.
double answered(const CheckResult& result) {
  if (result.population_unknown) return 0;
  const std::uint64_t known = result.of(State::not_applicable) + result.of(State::pass) + failed(result);
  const std::uint64_t asked = known + result.of(State::not_assessed);
  return asked == 0 ? 1 : static_cast<double>(known) / static_cast<double>(asked);
}

double weight_of(const Catalog& catalog, const CheckResult& result) {
  return severity_weight(catalog.checks[result.check].severity);
}

}  // namespace

double severity_weight(Severity severity) {
  static constexpr std::array<double, kSeverities> kWeights = {0, 1, 3, 6, 10};
  return kWeights[static_cast<std::size_t>(severity)];
}

Score score(const Catalog& catalog, const std::vector<CheckResult>& results) {
  Mean value, low, high, coverage;
  for (const CheckResult& result : results) {
    const double weight = weight_of(catalog, result);
    coverage.add(answered(result), std::max(weight, severity_weight(Severity::low)));
    const Share share = share_of(result);
    if (!share.counts) continue;
    low.add(share.low, weight);
    high.add(share.high, weight);
    if (share.value) value.add(*share.value, weight);
  }
  Score score;
  score.coverage = coverage.mean(1);
  score.low = low.mean(100).value_or(0);
  score.high = high.mean(100).value_or(100);
  score.value = value.mean(100);
  if (score.value) score.value = std::clamp(*score.value, score.low, score.high);  // true but for rounding
  return score;
}

std::vector<double> points_to_gain(const Catalog& catalog, const std::vector<CheckResult>& results) {
  double total = 0;
  std::vector<double> points;
  for (const CheckResult& result : results) {
    const double weight = weight_of(catalog, result);
    const std::optional<double> value = share_of(result).value;
    total += value ? weight : 0;
    points.push_back(value ? 100 * weight * (1 - *value) : 0);
  }
  for (double& gain : points) gain = total > 0 ? gain / total : 0;
  return points;
}

}  // namespace posture
