// SPDX-License-Identifier: Apache-2.0
#include "evaluate/assemble/merge.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/arena.h"
#include "base/parallel.h"

namespace posture {

namespace {

/// Where one finding goes.
struct Sighting {
  std::uint32_t owner = 0;
  std::uint32_t part = 0;
  std::uint32_t finding = 0;  // of the part
  std::string_view path;      // below the owner, as spec.template.spec.containers[app]
};

/// Where it is reported, which no two outcomes of a check share.
std::pair<std::uint32_t, std::string_view> place_of(const Sighting& sighting) {
  return {sighting.owner, sighting.path};
}

/// An object of a part.
struct Seen {
  const ObjectName* name = nullptr;
  std::uint32_t number = kNoObject;  // over all parts
};

/// A finding on its way to an Outcome: which observation speaks for it, and who else shows it.
struct Merged {
  const Finding* finding = nullptr;
  Seen seen_on;
  bool own = false;  // seen on the owner itself
  Seen live;         // smallest other object that shows it, pods before the rest
  std::uint32_t live_count = 0;  // pods (or replicas) that show it
};

bool is_live(const ObjectName& name) { return name.kind == "Pod" || name.kind == kApiServerKind; }

bool witness_before(const ObjectName& a, const ObjectName& b) { return is_live(a) != is_live(b) ? is_live(a) : a < b; }

/// The owner itself speaks first, then the pod with the smallest name.
bool speaks_before(const Merged& a, const Merged& b) {
  return a.own != b.own ? a.own : witness_before(*a.seen_on.name, *b.seen_on.name);
}

/// Two observations of one finding: the better speaker stays, witnesses add up.
void meet(Merged& known, const Merged& added) {
  const std::uint32_t count = known.live_count + added.live_count;
  const bool added_witness =
      added.live.name != nullptr && (known.live.name == nullptr || witness_before(*added.live.name, *known.live.name));
  const Seen live = added_witness ? added.live : known.live;
  const State state = added.finding->state;
  const bool replaces = state > known.finding->state || (state == known.finding->state && speaks_before(added, known));
  if (replaces) known = added;
  known.live = live;
  known.live_count = count;
}

std::uint32_t line_of(const ManifestLocation& location, std::string_view pointer) {
  for (;;) {
    const auto found = location.lines.find(pointer);
    if (found != location.lines.end()) return static_cast<std::uint32_t>(found->second);
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return static_cast<std::uint32_t>(location.line);
    pointer = pointer.substr(0, slash);
  }
}

/// Paths below pod specs as paths below their owners. There are few: kinds of owners times paths.
class OwnerPaths {
 public:
  explicit OwnerPaths(const std::vector<ObjectName>& owners) {
    pods_.reserve(owners.size());
    for (const ObjectName& owner : owners) pods_.push_back(template_pointer(owner.group, owner.kind));
  }

  std::string_view path(const Finding& finding, std::uint32_t owner) {
    if (!finding.in_pod) return finding.key.path;
    const std::string_view pointer = pods_[owner];
    const auto [place, is_new] = paths_.try_emplace({pointer.data(), finding.key.path.data()});
    if (is_new) {
      std::string path = std::string(pointer) + "/spec";
      std::replace(path.begin(), path.end(), '/', '.');
      path.append(finding.key.path.empty() ? "" : ".").append(finding.key.path);
      place->second = arena_->keep(std::string_view(path).substr(1));
    }
    return place->second;
  }

  std::shared_ptr<const void> memory() const { return arena_; }

 private:
  std::vector<std::string_view> pods_;  // by owner: its template_pointer()
  std::map<std::pair<const char*, const char*>, std::string_view>
      paths_;  // by pointer and path below: each is kept in one place
  std::shared_ptr<Arena> arena_ = std::make_shared<Arena>();
};

class Merger {
 public:
  Merger(const Parts& parts, const OwnerNames& owners, std::size_t checks)
      : parts_(parts),
        owners_(owners),
        by_check_(checks),
        first_(checks + 1) {}

  MergedFindings run(std::size_t threads) {
    gather();
    for_each_index(by_check_.size(), threads, [this](std::size_t check) { sort(check); });
    for (std::size_t check = 0; check < by_check_.size(); ++check) first_[check + 1] += first_[check];
    result_.outcomes.resize(first_.back());
    std::vector<std::shared_ptr<Arena>> files(by_check_.size());
    for_each_index(by_check_.size(), threads, [&](std::size_t check) { files[check] = merge(check); });
    for (std::shared_ptr<Arena>& of_check : files) {
      if (of_check) result_.memory.push_back(std::move(of_check));
    }
    name_witnesses();
    return std::move(result_);
  }

 private:
  void gather() {
    std::vector<std::size_t> counts(by_check_.size());
    for (const std::unique_ptr<Part>& part : parts_) {
      for (const Finding& finding : part->findings()) ++counts[finding.key.check];
    }
    for (std::size_t check = 0; check < counts.size(); ++check) by_check_[check].reserve(counts[check]);
    OwnerPaths paths(owners_.names);
    for (std::uint32_t part = 0; part < parts_.size(); ++part) {
      std::uint32_t index = 0;
      for (const Finding& finding : parts_[part]->findings()) {
        const std::uint32_t owner = owners_.of[part][finding.key.object];
        by_check_[finding.key.check].push_back({owner, part, index++, paths.path(finding, owner)});
      }
      numbers_.push_back(objects_);
      objects_ += static_cast<std::uint32_t>(parts_[part]->objects().size());
    }
    result_.memory.push_back(paths.memory());
  }

  /// Also counts its outcomes.
  void sort(std::size_t check) {
    std::vector<Sighting>& sightings = by_check_[check];
    std::sort(sightings.begin(), sightings.end(), [](const Sighting& a, const Sighting& b) {
      return std::tie(a.owner, a.path) < std::tie(b.owner, b.path);
    });
    for (std::size_t i = 0; i < sightings.size(); ++i) {
      if (i == 0 || place_of(sightings[i]) != place_of(sightings[i - 1])) ++first_[check + 1];
    }
  }

  /// One outcome for all findings of one place. What it answers with keeps the names of files, if there are any.
  std::shared_ptr<Arena> merge(std::size_t check) {
    std::shared_ptr<Arena> files;
    auto outcome = result_.outcomes.begin() + static_cast<std::ptrdiff_t>(first_[check]);
    const std::vector<Sighting>& sightings = by_check_[check];
    for (auto next = sightings.begin(); next != sightings.end(); ++outcome) {
      const Sighting& first = *next;
      Merged all = merged(first);
      for (++next; next != sightings.end() && place_of(*next) == place_of(first); ++next) meet(all, merged(*next));
      fill(*outcome, first, all);
      if (all.finding->words->location) add_location(*outcome, *all.finding->words, files);
    }
    return files;
  }

  Seen seen(const Sighting& sighting, std::uint32_t object) const {
    return {parts_[sighting.part]->objects()[object], numbers_[sighting.part] + object};
  }

  Merged merged(const Sighting& sighting) const {
    Merged merged;
    merged.finding = &parts_[sighting.part]->findings()[sighting.finding];
    merged.seen_on = seen(sighting, merged.finding->seen_on);
    merged.own = *merged.seen_on.name == owners_.names[sighting.owner];
    if (merged.own) return merged;
    merged.live = merged.seen_on;
    merged.live_count = is_live(*merged.seen_on.name) ? merged.finding->count : 0;
    return merged;
  }

  static void fill(Outcome& outcome, const Sighting& place, const Merged& merged) {
    const Finding& finding = *merged.finding;
    outcome.check = finding.key.check;
    outcome.state = finding.state;
    outcome.object = place.owner;
    outcome.pointer = finding.words->pointer;
    outcome.path = place.path;
    outcome.message = finding.words->message;
    outcome.observed = finding.words->observed;
    outcome.observed_on = merged.live.number;
    outcome.observed_count = merged.live_count;
    outcome.gap = finding.gap;
  }

  static void add_location(Outcome& outcome, const Words& words, std::shared_ptr<Arena>& files) {
    if (!files) files = std::make_shared<Arena>();
    outcome.file = files->keep(words.location->file);
    outcome.document = static_cast<std::uint32_t>(words.location->document);
    outcome.line = line_of(*words.location, words.pointer);
  }

  /// Gives each witness, so far a number over all parts, a place behind the owners, in the order in which outcomes name them.
  void name_witnesses() {
    std::vector<const ObjectName*> names;
    names.reserve(objects_);
    for (const std::unique_ptr<Part>& part : parts_) {
      names.insert(names.end(), part->objects().begin(), part->objects().end());
    }
    std::vector<std::uint32_t> places(objects_, kNoObject);
    std::unordered_map<ObjectName, std::uint32_t, ObjectNameHash> known;  // one may be an object of several parts
    for (Outcome& outcome : result_.outcomes) {
      if (outcome.observed_on == kNoObject) continue;
      std::uint32_t& place = places[outcome.observed_on];
      if (place == kNoObject) {
        const ObjectName& name = *names[outcome.observed_on];
        const auto next = static_cast<std::uint32_t>(owners_.names.size() + result_.witnesses.size());
        place = known.try_emplace(name, next).first->second;
        if (place == next) result_.witnesses.push_back(name);
      }
      outcome.observed_on = place;
    }
  }

  const Parts& parts_;
  const OwnerNames& owners_;
  MergedFindings result_;
  std::vector<std::vector<Sighting>> by_check_;
  std::vector<std::size_t> first_;  // by check: the index of its first outcome; the end last
  std::vector<std::uint32_t> numbers_;  // by part: that of its first object
  std::uint32_t objects_ = 0;  // of all parts
};

}  // namespace

MergedFindings merge_findings(const Parts& parts, const OwnerNames& owners, std::size_t checks, std::size_t threads) {
  return Merger(parts, owners, checks).run(threads);
}

}  // namespace posture
