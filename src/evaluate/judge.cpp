// SPDX-License-Identifier: Apache-2.0
#include "evaluate/judge.h"

#include <algorithm>
#include <array>

#include "evaluate/observe.h"

namespace posture {

namespace {

constexpr std::array<std::string_view, 4> kStaticControlPlane = {"etcd", "kube-apiserver", "kube-controller-manager",
                                                                 "kube-scheduler"};

/// The control plane's own static pods need the host by design and cannot be changed through the API.
bool is_static_control_plane(const Object& object, const Workload& pod) {
  const std::string_view name = pod.spec["containers"].at(0)["name"].text();
  return object.ns == "kube-system" && is_mirror_pod(object) &&
         std::find(kStaticControlPlane.begin(), kStaticControlPlane.end(), name) != kStaticControlPlane.end();
}

}  // namespace

/// One object: what is judged and whom a finding about it names.
struct Judge::Target {
  const Subject& subject;
  std::uint32_t object;
  Part::Witness& seen_on;
  const std::shared_ptr<const ManifestLocation>& location;
};

/// One element of it.
struct Judge::Place {
  const Target& target;
  CheckHost& host;
  const Element* element;
};

std::string Judge::reason(const cel::Datum& verdict, std::optional<std::uint32_t> gap) const {
  if (!verdict.is_unknown()) return "the rule could not be evaluated: " + std::string(verdict.text());
  if (!gap) return "what the rule asks lies outside the scope of this scan";
  return "needs " + known_.gaps[*gap].resource + ": " + known_.gaps[*gap].message;
}

Words Judge::words(const CompiledCheck& check, const Place& place, const cel::Datum& verdict, State state) {
  Words words;
  words.pointer = texts_->keep(place.element->pointer());
  if (state == State::fail) {
    const cel::Datum message = check.message->evaluate(place.host, scratch_);
    words.message = texts_->keep(message.is_error() ? std::string_view(check.check->title) : message.text());
    words.observed = texts_->keep(observe(check, place.host, place.target.subject.api_server));
  } else {
    words.message = texts_->keep(reason(verdict, place.host.missing_read()));
  }
  return words;
}

/// `words` point below the pod spec, or the object.
void Judge::speak(Finding& finding, Words words, const Target& target) {
  if (finding.in_pod) {
    pointer_.assign(target.subject.workload->pointer).append("/spec").append(words.pointer);
    words.pointer = texts_->keep(pointer_);
  }
  words.location = target.location;
  finding.words = texts_->keep(words);
}

/// What it shows goes into the part, or on the list `kept`.
State Judge::judge_element(const CompiledCheck& check, const Place& place, Part& part, std::vector<Shown>* kept) {
  State state = State::not_applicable;
  cel::Datum verdict = check.where ? check.where->evaluate(place.host, scratch_) : cel::Datum::boolean(true);
  if (verdict.is_true()) {
    verdict = check.expect->evaluate(place.host, scratch_);
    state = verdict.is_true() ? State::pass : verdict.is_false() ? State::fail : State::not_assessed;
  } else if (!verdict.is_false()) {
    state = State::not_assessed;
  }
  if (state != State::fail && state != State::not_assessed) return state;
  const std::string_view path = texts_->keep(place.element->path());
  if (kept != nullptr) {
    kept->push_back({check.index, state, path, texts_->keep(words(check, place, verdict, state))});
    return state;
  }
  Finding* found = part.see({place.target.object, check.index, path}, state, place.target.seen_on).speaker;
  if (found == nullptr) return state;
  found->in_pod = place.element->in_pod;
  found->gap = state == State::not_assessed ? place.host.missing_read().value_or(kNoObject) : kNoObject;
  speak(*found, words(check, place, verdict, state), place.target);
  return state;
}

void Judge::judge(const Object& object, const std::vector<const CompiledCheck*>& checks,
                  const std::shared_ptr<const ManifestLocation>& location, Part& part) {
  const std::optional<Workload> pod = workload(object);
  if (pod && (!is_running(object) || is_static_control_plane(object, *pod))) return;
  const std::optional<Owner> owner = pod ? controller(object) : std::nullopt;
  const Subject subject = {known_.facts, known_.reads, object, pod ? &*pod : nullptr};
  const ObjectName name = name_of(object);
  const std::uint32_t judged = part.object(owner ? owner->direct : name);
  Part::Witness seen_on = {name, owner ? kNoObject : judged};
  const Target target = {subject, judged, seen_on, location};
  arena_.reset();
  if (pod) judge_spec(checks, target, part);
  for (const CompiledCheck* check : checks) {
    const bool is_left_out = check->check->matches_workload && (!pod || check->spec_fields);
    if (!is_left_out) part.record(judged, check->index, judge_elements(*check, target, part));
  }
}

/// The checks that read nothing but the pod spec. Of the pods of one controller, those with one spec show the same.
void Judge::judge_spec(const Checks& checks, const Target& target, Part& part) {
  TemplateMemo::Entry& known = memo_.recall(checks, target.subject.workload->spec);
  const Copies copies{&part, target.object, known.id};
  if (copies_ == copies && part.see_again(copied_, target.seen_on.name)) return;
  copies_ = copies;
  copied_.clear();
  shown_.clear();
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (!checks[i]->spec_fields) continue;
    std::uint8_t& state = known.states[i];
    part.record(target.object, checks[i]->index,
                state == TemplateMemo::kUnknown ? judge_unknown(*checks[i], target, part, known, state)
                                                : static_cast<State>(state));
  }
  for (std::vector<Shown>* shown : {&known.shown, &shown_}) {
    for (Shown& each : *shown) see(each, target, part);
  }
}

/// Remembers what it finds, unless a token volume is named in it, as only one pod has it.
State Judge::judge_unknown(const CompiledCheck& check, const Target& target, Part& part, TemplateMemo::Entry& known,
                           std::uint8_t& place) {
  const std::size_t first = shown_.size();
  const State state = judge_elements(check, target, part, &shown_);
  const auto begin = shown_.begin() + static_cast<std::ptrdiff_t>(first);
  const bool is_own = std::any_of(begin, shown_.end(), [](const Shown& shown) {
    return may_name_token_volume(shown.words->message) || may_name_token_volume(shown.words->observed);
  });
  if (is_own) return state;
  known.shown.insert(known.shown.end(), begin, shown_.end());
  shown_.erase(begin, shown_.end());
  place = static_cast<std::uint8_t>(state);
  return state;
}

void Judge::see(Shown& shown, const Target& target, Part& part) {
  const Part::Sighting sighting = part.see({target.object, shown.check, shown.path}, shown.state, target.seen_on);
  copied_.push_back(sighting.finding);
  Finding* found = sighting.speaker;
  if (found == nullptr) return;
  found->in_pod = true;
  const std::string_view pod = target.subject.workload->pointer;
  if (!target.location && shown.spoken != nullptr && shown.pod == pod) {
    found->words = shown.spoken;
    return;
  }
  speak(*found, *shown.words, target);
  if (target.location) return;
  shown.pod = pod;
  shown.spoken = found->words;
}

/// The worst over the elements; not applicable without any.
State Judge::judge_elements(const CompiledCheck& check, const Target& target, Part& part, std::vector<Shown>* kept) {
  State worst = State::not_applicable;
  list_elements(*check.check, target.subject.object, target.subject.workload, elements_);
  for (const Element& element : elements_) {
    scratch_.reset();
    CheckHost host(target.subject, arena_);
    host.use(*check.check, element.value);
    worst = std::max(worst, judge_element(check, {target, host, &element}, part, kept));
  }
  return worst;
}

void Judge::judge_api_server(const ApiServer& server, const CompiledCheck& check, std::optional<std::uint32_t> hidden,
                             Part& part) {
  const Object none;
  const Subject subject = {known_.facts, known_.reads, none, nullptr, &server};
  const Element whole;
  CheckHost host(subject, arena_);
  host.use(*check.check, Value());
  scratch_.reset();
  const std::uint32_t judged = part.object({"", "", kApiServerKind, "", ""});
  const std::shared_ptr<const ManifestLocation> nowhere;
  Part::Witness seen_on = {server.name};
  const Target target = {subject, judged, seen_on, nowhere};
  part.record(judged, check.index, judge_element(check, {target, host, &whole}, part));
  if (!hidden || part.states(judged)[check.index] != static_cast<std::uint8_t>(State::pass)) return;
  part.record(judged, check.index, State::not_assessed);
  Finding* found = part.see({judged, check.index, {}}, State::not_assessed, target.seen_on).speaker;
  if (found == nullptr) return;
  found->gap = *hidden;
  Words words;
  words.message = texts_->keep("fine on " + server.name.name +
                               ", but other API servers may be hidden: " + known_.gaps[*hidden].message);
  found->words = texts_->keep(words);
}

}  // namespace posture
