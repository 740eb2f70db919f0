// SPDX-License-Identifier: Apache-2.0
// Made-up catalogues and assessments for tests, consistent by construction: tallies follow from what is judged.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <tuple>

#include "posture/evaluate.h"

namespace posture {

struct Sample {
  Catalog catalog;
  Assessment assessment;
  std::deque<std::string> texts;

  std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }

  /// Checks must be added by ascending id. All of them are in scope.
  std::uint32_t check(const std::string& id, Severity severity, const std::string& title = "A title") {
    Check made;
    made.id = id;
    made.title = title;
    made.severity = severity;
    made.control = "C-" + id;
    made.why = "Because " + id + " opens a door that the pod does not need.";
    made.fix = "Set the field of " + id + " to false.";
    catalog.checks.push_back(std::move(made));
    const std::uint32_t index = static_cast<std::uint32_t>(catalog.checks.size() - 1);
    assessment.checks.push_back(index);
    return index;
  }

  /// Objects must be added in order (namespace, kind, name).
  std::uint32_t object(const std::string& ns, const std::string& group, const std::string& kind,
                       const std::string& name) {
    ObjectName made;
    made.ns = ns;
    made.group = group;
    made.kind = kind;
    made.name = name;
    made.version = "v1";
    assessment.objects.push_back(std::move(made));
    return static_cast<std::uint32_t>(assessment.objects.size() - 1);
  }

  /// One object's state: counted, and with an outcome unless it passes or is not applicable.
  Outcome* judge(std::uint32_t check, std::uint32_t object, State state) {
    const ObjectName& name = assessment.objects[object];
    tally(check, name.ns, name.group.empty() ? name.kind : name.group + "/" + name.kind)
        .count[static_cast<std::size_t>(state)] += 1;
    if (state == State::pass || state == State::not_applicable) return nullptr;
    return &outcome(check, object, state);
  }

  Tally& tally(std::uint32_t check, const std::string& ns, const std::string& kind) {
    for (Tally& each : assessment.tallies) {
      if (each.check == check && each.ns == ns && each.kind == kind) return each;
    }
    Tally made;
    made.check = check;
    made.ns = ns;
    made.kind = kind;
    return assessment.tallies.emplace_back(std::move(made));
  }

  Outcome& outcome(std::uint32_t check, std::uint32_t object, State state) {
    Outcome made;
    made.check = check;
    made.object = object;
    made.state = state;
    made.observed_on = kNoObject;
    made.gap = kNoObject;
    return assessment.outcomes.emplace_back(made);
  }

  /// A read that was refused: its gap, and an outcome of unknown population for each check.
  void refuse(Gap gap, const std::vector<std::uint32_t>& checks) {
    assessment.gaps.push_back(gap);
    for (const std::uint32_t check : checks) {
      Outcome& made = outcome(check, kNoObject, State::not_assessed);
      made.gap = static_cast<std::uint32_t>(assessment.gaps.size() - 1);
      made.ns = keep(gap.ns);
      made.message = keep(gap.resource + " could not be read");
    }
  }

  Framework& framework(const std::string& id, const std::string& title, const std::string& version) {
    Framework made;
    made.id = id;
    made.title = title;
    made.version = version;
    return catalog.frameworks.emplace_back(std::move(made));
  }

  /// Puts everything into the order that evaluate() promises.
  void sort() {
    std::stable_sort(assessment.outcomes.begin(), assessment.outcomes.end(), [](const Outcome& a, const Outcome& b) {
      return std::tie(a.check, a.object, a.path) < std::tie(b.check, b.object, b.path);
    });
    std::stable_sort(assessment.tallies.begin(), assessment.tallies.end(), [](const Tally& a, const Tally& b) {
      return std::tie(a.check, a.ns, a.kind) < std::tie(b.check, b.ns, b.kind);
    });
  }
};

inline Requirement requirement(const std::string& id, std::vector<std::string> controls,
                               RequirementKind kind = RequirementKind::decided) {
  Requirement made;
  made.id = id;
  made.title = "Requirement " + id;
  made.level = "1";
  made.kind = kind;
  made.controls = std::move(controls);
  return made;
}

}  // namespace posture
