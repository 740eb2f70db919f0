// SPDX-License-Identifier: Apache-2.0
#include "evaluate/assemble.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>

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

/// A finding on its way to an Outcome: which observation speaks for it, and who else shows it.
struct Merged {
  Finding finding;
  std::uint32_t top = 0;  // the owner on which it is reported
  std::string_view path;  // below it, as spec.template.spec.containers[app]
  const ObjectName* seen_on = nullptr;
  bool own = false;                  // seen on the top owner itself
  const ObjectName* live = nullptr;  // smallest other object that shows it, pods before the rest
  std::uint32_t live_count = 0;      // pods (or replicas) that show it
};

bool is_live(const ObjectName& name) { return name.kind == "Pod" || name.kind == kApiServerKind; }

bool witness_before(const ObjectName& a, const ObjectName& b) { return is_live(a) != is_live(b) ? is_live(a) : a < b; }

/// The owner itself speaks first, then the pod with the smallest name.
bool speaks_before(const Merged& a, const Merged& b) {
  return a.own != b.own ? a.own : witness_before(*a.seen_on, *b.seen_on);
}

/// Where it is reported, which no two outcomes of a check share.
std::pair<std::uint32_t, std::string_view> place_of(const Merged& merged) { return {merged.top, merged.path}; }

class Assembler {
 public:
  Assembler(const Catalog& catalog, const Plan& plan, Assessment begun, const AssembleOptions& options)
      : catalog_(catalog),
        plan_(plan),
        result_(std::move(begun)),
        options_(options),
        arena_(std::make_shared<Arena>()) {}

  Assessment run(std::vector<std::unique_ptr<Part>> parts) {
    for (const CompiledCheck& check : plan_.checks) result_.checks.push_back(check.index);
    name_objects(parts);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      add_states(*parts[i], tops_[i]);
      result_.memory.push_back(parts[i]->memory());
    }
    tally();
    add_outcomes(parts);
    parts.clear();
    const std::size_t found = result_.outcomes.size();
    add_missing();
    sort_outcomes(found);
    result_.memory.push_back(arena_);
    return std::move(result_);
  }

 private:
  /// Sorts the names of all top owners, and maps each part's judged objects to them. Of several versions the smallest is named.
  void name_objects(const std::vector<std::unique_ptr<Part>>& parts) {
    struct Top {
      std::string version;
      std::uint32_t index = 0;
    };
    std::unordered_map<ObjectName, Top, ObjectNameHash> found;
    std::vector<std::vector<const Top*>> tops(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (std::uint32_t object = 0; object < parts[i]->objects().size(); ++object) {
        tops[i].push_back(nullptr);
        if (!parts[i]->is_judged(object)) continue;
        const ObjectName top = options_.owners.top(*parts[i]->objects()[object]);
        const auto [place, is_new] = found.try_emplace(top, Top{top.version});
        place->second.version = std::min(place->second.version, top.version);
        tops[i].back() = &place->second;
      }
    }
    std::vector<std::pair<const ObjectName*, Top*>> sorted;
    sorted.reserve(found.size());
    for (auto& [name, top] : found) sorted.emplace_back(&name, &top);
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return *a.first < *b.first; });
    result_.objects.reserve(sorted.size());
    for (const auto& [name, top] : sorted) {
      top->index = static_cast<std::uint32_t>(result_.objects.size());
      result_.objects.push_back(*name);
      result_.objects.back().version = top->version;
      pods_.push_back(template_pointer(name->group, name->kind));
    }
    for (const std::vector<const Top*>& part : tops) {
      std::vector<std::uint32_t>& indexes = tops_.emplace_back();
      for (const Top* top : part) indexes.push_back(top == nullptr ? kNoObject : top->index);
    }
    owners_count_ = result_.objects.size();
    states_.assign(owners_count_ * catalog_.checks.size(), kNone);
  }

  void add_states(const Part& part, const std::vector<std::uint32_t>& tops) {
    for (std::uint32_t object = 0; object < tops.size(); ++object) {
      if (tops[object] == kNoObject) continue;
      for (const CompiledCheck& check : plan_.checks) {
        const std::optional<State> state = part.state(object, check.index);
        if (!state) continue;
        std::uint8_t& stored = states_[tops[object] * catalog_.checks.size() + check.index];
        const auto added = static_cast<std::uint8_t>(*state);
        stored = stored == kNone ? added : std::max(stored, added);
      }
    }
  }

  Merged merged(const Finding& finding, const Part& part, const std::vector<std::uint32_t>& tops) {
    Merged merged;
    merged.finding = finding;
    merged.top = tops[finding.key.object];
    const ObjectName& top = result_.objects[merged.top];
    merged.path = finding.in_pod ? path_in_pod(finding, merged.top) : finding.key.path;
    merged.seen_on = part.objects()[finding.seen_on];
    merged.own = *merged.seen_on == top;
    merged.live = merged.own ? nullptr : merged.seen_on;
    merged.live_count = !merged.own && is_live(*merged.seen_on) ? finding.count : 0;
    return merged;
  }

  /// There are few: kinds of owners times paths.
  std::string_view path_in_pod(const Finding& finding, std::uint32_t top) {
    const std::string_view pointer = pods_[top];
    const auto [place, is_new] = paths_.try_emplace({pointer.data(), finding.key.path.data()});
    if (is_new) {
      std::string path = std::string(pointer) + "/spec";
      std::replace(path.begin(), path.end(), '/', '.');
      path.append(finding.key.path.empty() ? "" : ".").append(finding.key.path);
      place->second = arena_->keep(std::string_view(path).substr(1));
    }
    return place->second;
  }

  /// Two observations of one finding: the better speaker stays, witnesses add up.
  static void meet(Merged& known, const Merged& added) {
    const std::uint32_t count = known.live_count + added.live_count;
    const bool added_witness =
        added.live != nullptr && (known.live == nullptr || witness_before(*added.live, *known.live));
    const ObjectName* live = added_witness ? added.live : known.live;
    const bool replaces = added.finding.state > known.finding.state ||
                          (added.finding.state == known.finding.state && speaks_before(added, known));
    if (replaces) known = added;
    known.live = live;
    known.live_count = count;
  }

  void tally() {
    using Counts = std::vector<decltype(Tally::count)>;  // by check
    std::map<std::pair<std::string, std::string>, Counts> counts;  // by namespace and kind
    const ObjectName* last = nullptr;
    Counts* current = nullptr;
    for (std::uint32_t object = 0; object < owners_count_; ++object) {
      const ObjectName& name = result_.objects[object];
      if (last == nullptr || last->ns != name.ns || last->kind != name.kind || last->group != name.group) {
        current = &counts.try_emplace({name.ns, to_string(KindName{name.group, name.kind})}).first->second;
        current->resize(catalog_.checks.size());
        last = &name;
      }
      for (const std::uint32_t check : result_.checks) {
        const std::uint8_t state = states_[object * catalog_.checks.size() + check];
        if (state == kNone) continue;
        ++(*current)[check][state];
        const bool listed =
            static_cast<State>(state) == State::pass || static_cast<State>(state) == State::not_applicable;
        if (options_.keep_passed && listed) result_.passed.push_back({check, object, static_cast<State>(state)});
      }
    }
    for (const std::uint32_t check : result_.checks) {
      for (const auto& [place, row] : counts) {
        if (row[check] != decltype(Tally::count){})
          result_.tallies.push_back({check, place.first, place.second, row[check]});
      }
    }
    std::sort(result_.passed.begin(), result_.passed.end(), [](const ObjectState& a, const ObjectState& b) {
      return std::tie(a.check, a.object) < std::tie(b.check, b.object);
    });
  }

  /// Check by check, which keeps what is sorted at a time small.
  void add_outcomes(const std::vector<std::unique_ptr<Part>>& parts) {
    struct Seen {
      const Finding* finding;
      std::size_t part;
    };
    std::vector<std::vector<Seen>> by_check(catalog_.checks.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (const Finding& finding : parts[i]->findings()) by_check[finding.key.check].push_back({&finding, i});
      count += parts[i]->findings().size();
    }
    result_.outcomes.reserve(count);
    for (const std::vector<Seen>& seen : by_check) {
      std::vector<Merged> findings;
      findings.reserve(seen.size());
      for (const Seen& each : seen) findings.push_back(merged(*each.finding, *parts[each.part], tops_[each.part]));
      add_outcomes(findings);
    }
  }

  /// One for all findings of one place.
  void add_outcomes(std::vector<Merged>& findings) {
    std::sort(findings.begin(), findings.end(),
              [](const Merged& a, const Merged& b) { return place_of(a) < place_of(b); });
    for (auto next = findings.begin(); next != findings.end();) {
      Merged& first = *next;
      for (++next; next != findings.end() && place_of(*next) == place_of(first); ++next) meet(first, *next);
      add_outcome(first);
    }
  }

  void add_outcome(const Merged& merged) {
    const Finding& finding = merged.finding;
    Outcome outcome;
    outcome.check = finding.key.check;
    outcome.state = finding.state;
    outcome.object = merged.top;
    outcome.pointer = finding.words->pointer;
    outcome.path = merged.path;
    outcome.message = finding.words->message;
    outcome.observed = finding.words->observed;
    outcome.observed_on = merged.live != nullptr ? witness(*merged.live) : kNoObject;
    outcome.observed_count = merged.live_count;
    outcome.gap = finding.gap;
    if (finding.words->location) {
      outcome.file = arena_->keep(finding.words->location->file);
      outcome.document = static_cast<std::uint32_t>(finding.words->location->document);
      outcome.line = line_of(*finding.words->location, finding.words->pointer);
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

  static constexpr std::uint8_t kNone = 0xff;

  const Catalog& catalog_;
  const Plan& plan_;
  Assessment result_;
  const AssembleOptions& options_;
  std::shared_ptr<Arena> arena_;
  std::vector<std::vector<std::uint32_t>> tops_;
  std::size_t owners_count_ = 0;
  std::vector<std::uint8_t> states_;  // owners × checks
  std::vector<std::string_view> pods_;  // by owner: its template_pointer()
  std::map<std::pair<const char*, const char*>, std::string_view>
      paths_;  // by pointer and path below: each is kept in one place
  std::unordered_map<ObjectName, std::uint32_t, ObjectNameHash> witnesses_;
};

constexpr std::array<const char*, kStates> kStateNames = {"not-applicable", "pass",         "manual",
                                                          "waived",         "not-assessed", "fail"};

}  // namespace

Assessment assemble(const Catalog& catalog, const Plan& plan, Assessment begun,
                    std::vector<std::unique_ptr<Part>> parts, const AssembleOptions& options) {
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
