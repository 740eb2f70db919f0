// SPDX-License-Identifier: Apache-2.0
#include "evaluate/assemble/assemble.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string>
#include <tuple>

#include "base/arena.h"
#include "base/parallel.h"
#include "base/sha256.h"
#include "evaluate/assemble/merge.h"
#include "evaluate/assemble/tally.h"

namespace posture {

namespace {

class Assembler {
 public:
  Assembler(const Catalog& catalog, const Plan& plan, Assessment begun, const AssembleOptions& options)
      : catalog_(catalog),
        plan_(plan),
        result_(std::move(begun)),
        options_(options),
        arena_(std::make_shared<Arena>()) {}

  Assessment run(Parts parts) {
    for (const CompiledCheck& check : plan_.checks) result_.checks.push_back(check.index);
    OwnerNames owners = name_owners(parts, options_.owners, options_.threads);
    MergedFindings merged;
    for_each_index(2, options_.threads, [&](std::size_t half) {
      if (half == 0)
        merged = merge_findings(parts, owners, catalog_.checks.size(), options_.threads);
      else
        add_tallies(parts, owners);
    });
    result_.outcomes = std::move(merged.outcomes);
    result_.objects = std::move(owners.names);
    std::move(merged.witnesses.begin(), merged.witnesses.end(), std::back_inserter(result_.objects));
    result_.memory = std::move(merged.memory);
    for (const std::unique_ptr<Part>& part : parts) result_.memory.push_back(part->memory());
    parts.clear();
    const std::size_t found = result_.outcomes.size();
    add_missing();
    sort_outcomes(found);
    result_.memory.push_back(arena_);
    return std::move(result_);
  }

 private:
  void add_tallies(const Parts& parts, const OwnerNames& owners) {
    OwnerStates states(owners.names.size(), catalog_.checks.size());
    for (std::size_t part = 0; part < parts.size(); ++part) states.add(*parts[part], owners.of[part]);
    result_.tallies = tally(owners.names, states);
    if (options_.keep_passed) result_.passed = list_passed(owners.names.size(), states);
  }

  /// One outcome per check and scope for what could not be listed.
  void add_missing() {
    for (const CompiledCheck& check : plan_.checks) {
      std::map<std::string, std::vector<std::uint32_t>> by_namespace;
      for (const MissingRead& read : options_.missing) {
        if (read.check && *read.check != check.index) continue;
        const std::vector<KindName>& kinds = check.check->match;
        if (std::find(kinds.begin(), kinds.end(), read.kind) != kinds.end()) by_namespace[read.ns].push_back(read.gap);
      }
      for (const auto& [ns, gaps] : by_namespace) add_missing_outcome(check.index, ns, gaps);
    }
  }

  void add_missing_outcome(std::uint32_t check, const std::string& ns, const std::vector<std::uint32_t>& gaps) {
    std::string message;
    for (const std::uint32_t gap : gaps) message += (message.empty() ? "" : ", ") + result_.gaps[gap].resource;
    message += ": " + result_.gaps[gaps.front()].message;
    Outcome outcome;
    outcome.check = check;
    outcome.state = State::not_assessed;
    outcome.object = kNoObject;
    outcome.observed_on = kNoObject;
    outcome.gap = gaps.front();
    outcome.message = arena_->keep(message);
    outcome.ns = arena_->keep(ns);
    result_.outcomes.push_back(outcome);
  }

  /// The first `found` are sorted already.
  void sort_outcomes(std::size_t found) {
    const auto before = [](const Outcome& a, const Outcome& b) {
      return std::tie(a.check, a.object, a.ns, a.path) < std::tie(b.check, b.object, b.ns, b.path);
    };
    const auto missing = result_.outcomes.begin() + static_cast<std::ptrdiff_t>(found);
    std::sort(missing, result_.outcomes.end(), before);
    std::inplace_merge(result_.outcomes.begin(), missing, result_.outcomes.end(), before);
  }

  const Catalog& catalog_;
  const Plan& plan_;
  Assessment result_;
  const AssembleOptions& options_;
  std::shared_ptr<Arena> arena_;
};

constexpr std::array<const char*, kStates> kStateNames = {"not-applicable", "pass",         "manual",
                                                          "waived",         "not-assessed", "fail"};

}  // namespace

Assessment assemble(const Catalog& catalog, const Plan& plan, Assessment begun, Parts parts,
                    const AssembleOptions& options) {
  return Assembler(catalog, plan, std::move(begun), options).run(std::move(parts));
}

const char* to_string(State state) { return kStateNames[static_cast<std::size_t>(state)]; }

bool Assessment::incomplete() const {
  return std::any_of(outcomes.begin(), outcomes.end(), [this](const Outcome& outcome) {
    return outcome.state == State::not_assessed && outcome.gap != kNoObject && is_incomplete(gaps[outcome.gap].reason);
  });
}

std::string fingerprint(const Catalog& catalog, const Assessment& assessment, const Outcome& outcome) {
  static const ObjectName kNone;
  const ObjectName& name = outcome.object == kNoObject ? kNone : assessment.objects[outcome.object];
  std::string text = catalog.checks[outcome.check].id;
  for (const std::string_view part : {std::string_view(name.group), std::string_view(name.kind),
                                      std::string_view(name.ns), std::string_view(name.name), outcome.path}) {
    text.append("\n").append(part);
  }
  return sha256_hex(text);
}

}  // namespace posture
