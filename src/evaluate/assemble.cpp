// SPDX-License-Identifier: Apache-2.0
#include "evaluate/assemble.h"

#include <algorithm>
#include <tuple>

#include "base/arena.h"
#include "base/sha256.h"

namespace posture {

namespace {

std::uint32_t line_of(const ManifestLocation& location, std::string_view pointer) {
  for (;;) {
    const auto found = location.lines.find(pointer);
    if (found != location.lines.end()) return static_cast<std::uint32_t>(found->second);
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return static_cast<std::uint32_t>(location.line);
    pointer = pointer.substr(0, slash);
  }
}

/// `spec.template.spec.containers[app]` below the object that a finding is reported on.
std::string stable_path(const Finding& finding, const ObjectName& top) {
  if (!finding.in_pod) return finding.path;
  std::string path(template_pointer(top.group, top.kind));
  path += "/spec";
  std::replace(path.begin(), path.end(), '/', '.');
  return path.substr(1) + (finding.path.empty() ? "" : "." + finding.path);
}

/// A finding on its way to an Outcome: where it belongs and which observation speaks for it.
struct Merged {
  Finding finding;
  std::string path;
  std::uint32_t object = 0;       // of the top owner, in Assessment::objects
  ObjectName seen_on;
  bool own = false;               // seen on the top owner itself
  std::optional<ObjectName> live; // smallest other object that shows it, pods before the rest
  std::uint32_t live_count = 0;   // pods (or replicas) that show it
};

bool is_live(const ObjectName& name) { return name.kind == "Pod" || name.kind == kApiServerKind; }

/// Owner-to-be speaks first, then the pod with the smallest name.
bool speaks_before(const Merged& a, const Merged& b) {
  return std::make_tuple(!a.own, !is_live(a.seen_on), std::cref(a.seen_on)) < std::make_tuple(!b.own, !is_live(b.seen_on), std::cref(b.seen_on));
}

class Assembler {
 public:
  Assembler(const Catalog& catalog, const Plan& plan, Assessment begun, const AssembleOptions& options)
      : catalog_(catalog), plan_(plan), result_(std::move(begun)), options_(options), arena_(std::make_shared<Arena>()) {}

  Assessment run(std::vector<std::unique_ptr<Part>> parts) {
    for (const CompiledCheck& check : plan_.checks) result_.checks.push_back(check.index);
    name_objects(parts);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      add_states(*parts[i], tops_[i]);
      for (Finding& finding : parts[i]->findings()) add_finding(std::move(finding), *parts[i], tops_[i]);
      parts[i].reset();
    }
    tally();
    for (auto& [key, merged] : findings_) add_outcome(merged);
    add_missing();
    sort_outcomes();
    result_.memory.push_back(arena_);
    return std::move(result_);
  }

 private:
  /// Sorts the names of all top owners and witnesses, and maps each part's objects to them.
  void name_objects(const std::vector<std::unique_ptr<Part>>& parts) {
    std::vector<std::vector<ObjectName>> names(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (const ObjectName& name : parts[i]->objects()) names[i].push_back(options_.owners.top(name));
      result_.objects.insert(result_.objects.end(), names[i].begin(), names[i].end());
    }
    sort_names();
    for (const std::vector<ObjectName>& part : names) {
      std::vector<std::uint32_t>& tops = tops_.emplace_back();
      for (const ObjectName& name : part) tops.push_back(index_of(name));
    }
    owners_count_ = result_.objects.size();
    states_.assign(owners_count_ * catalog_.checks.size(), kNone);
  }

  void sort_names() {
    std::vector<ObjectName>& objects = result_.objects;
    std::sort(objects.begin(), objects.end(), [](const ObjectName& a, const ObjectName& b) {
      return a == b ? a.version < b.version : a < b;
    });
    objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  }

  std::uint32_t index_of(const ObjectName& name) const {
    const auto found = std::lower_bound(result_.objects.begin(), result_.objects.end(), name);
    return static_cast<std::uint32_t>(found - result_.objects.begin());
  }

  void add_states(const Part& part, const std::vector<std::uint32_t>& tops) {
    for (std::uint32_t object = 0; object < tops.size(); ++object) {
      for (const CompiledCheck& check : plan_.checks) {
        const std::optional<State> state = part.state(object, check.index);
        if (!state) continue;
        std::uint8_t& stored = states_[tops[object] * catalog_.checks.size() + check.index];
        const auto added = static_cast<std::uint8_t>(*state);
        stored = stored == kNone ? added : std::max(stored, added);
      }
    }
  }

  void add_finding(Finding finding, const Part& part, const std::vector<std::uint32_t>& tops) {
    Merged merged;
    merged.object = tops[finding.object];
    const ObjectName& top = result_.objects[merged.object];
    merged.path = stable_path(finding, top);
    merged.seen_on = part.objects()[finding.seen_on];
    merged.own = merged.seen_on == top;
    if (!merged.own) merged.live = merged.seen_on;
    merged.live_count = !merged.own && is_live(merged.seen_on) ? finding.count : 0;
    merged.finding = std::move(finding);
    const auto [place, is_new] = findings_.try_emplace({merged.finding.check, merged.object, merged.path}, std::move(merged));
    if (!is_new) meet(place->second, std::move(merged));
  }

  /// Two observations of one finding: the better speaker stays, witnesses add up.
  static void meet(Merged& known, Merged added) {
    const std::uint32_t count = known.live_count + added.live_count;
    std::optional<ObjectName> live = known.live ? known.live : added.live;
    if (known.live && added.live) {
      const bool added_first = std::make_tuple(!is_live(*added.live), std::cref(*added.live)) <
                               std::make_tuple(!is_live(*known.live), std::cref(*known.live));
      live = added_first ? added.live : known.live;
    }
    const bool replaces = added.finding.state > known.finding.state ||
                          (added.finding.state == known.finding.state && speaks_before(added, known));
    if (replaces) known = std::move(added);
    known.live = std::move(live);
    known.live_count = count;
  }

  void tally() {
    std::map<std::tuple<std::uint32_t, std::string, std::string>, Tally> tallies;
    for (std::uint32_t object = 0; object < owners_count_; ++object) {
      const ObjectName& name = result_.objects[object];
      for (const std::uint32_t check : result_.checks) {
        const std::uint8_t state = states_[object * catalog_.checks.size() + check];
        if (state == kNone) continue;
        const std::string kind = to_string(KindName{name.group, name.kind});
        Tally& tally = tallies.try_emplace({check, name.ns, kind}, Tally{check, name.ns, kind, {}}).first->second;
        ++tally.count[state];
        const bool listed = static_cast<State>(state) == State::pass || static_cast<State>(state) == State::not_applicable;
        if (options_.keep_passed && listed) result_.passed.push_back({check, object, static_cast<State>(state)});
      }
    }
    for (auto& [key, tally] : tallies) result_.tallies.push_back(std::move(tally));
    std::sort(result_.passed.begin(), result_.passed.end(), [](const ObjectState& a, const ObjectState& b) {
      return std::tie(a.check, a.object) < std::tie(b.check, b.object);
    });
  }

  void add_outcome(Merged& merged) {
    const Finding& finding = merged.finding;
    Outcome outcome;
    outcome.check = finding.check;
    outcome.state = finding.state;
    outcome.object = merged.object;
    outcome.pointer = arena_->keep(finding.pointer);
    outcome.path = arena_->keep(merged.path);
    outcome.message = arena_->keep(finding.message);
    outcome.observed = arena_->keep(finding.observed);
    outcome.observed_on = merged.live ? witness(*merged.live) : kNoObject;
    outcome.observed_count = merged.live_count;
    outcome.gap = finding.gap.value_or(kNoObject);
    if (finding.location) {
      outcome.file = arena_->keep(finding.location->file);
      outcome.document = static_cast<std::uint32_t>(finding.location->document);
      outcome.line = line_of(*finding.location, finding.pointer);
    }
    result_.outcomes.push_back(outcome);
  }

  /// Witnesses stand behind the sorted owners, each once.
  std::uint32_t witness(const ObjectName& name) {
    const auto [place, is_new] = witnesses_.try_emplace(name, static_cast<std::uint32_t>(result_.objects.size()));
    if (is_new) result_.objects.push_back(name);
    return place->second;
  }

  /// One outcome per check and scope for what could not be listed.
  void add_missing() {
    for (const CompiledCheck& check : plan_.checks) {
      std::map<std::string, std::vector<std::uint32_t>> by_namespace;
      for (const MissingRead& read : options_.missing) {
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

  void sort_outcomes() {
    std::sort(result_.outcomes.begin(), result_.outcomes.end(), [](const Outcome& a, const Outcome& b) {
      return std::tie(a.check, a.object, a.ns, a.path) < std::tie(b.check, b.object, b.ns, b.path);
    });
  }

  static constexpr std::uint8_t kNone = 0xff;

  const Catalog& catalog_;
  const Plan& plan_;
  Assessment result_;
  const AssembleOptions& options_;
  std::shared_ptr<Arena> arena_;
  std::vector<std::vector<std::uint32_t>> tops_;
  std::size_t owners_count_ = 0;
  std::vector<std::uint8_t> states_;  // owners × checks
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::string>, Merged> findings_;
  std::map<ObjectName, std::uint32_t> witnesses_;
};

constexpr std::array<const char*, kStates> kStateNames = {"not-applicable", "pass", "manual", "waived", "not-assessed", "fail"};

}  // namespace

Assessment assemble(const Catalog& catalog, const Plan& plan, Assessment begun, std::vector<std::unique_ptr<Part>> parts,
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
  const ObjectName name = outcome.object == kNoObject ? ObjectName{} : assessment.objects[outcome.object];
  std::string text = catalog.checks[outcome.check].id;
  for (const std::string_view part : {std::string_view(name.group), std::string_view(name.kind), std::string_view(name.ns),
                                      std::string_view(name.name), outcome.path}) {
    text.append("\n").append(part);
  }
  return sha256_hex(text);
}

}  // namespace posture
