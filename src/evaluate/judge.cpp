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
  const ObjectName& seen_on;
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

void Judge::add_finding(const CompiledCheck& check, const Place& place, const cel::Datum& verdict, State state,
                        Part& part) {
  const Part::Sighting sighting =
      part.see({place.target.object, check.index, place.element->path}, state, place.target.seen_on);
  findings_.push_back(sighting.finding);
  Finding* found = sighting.speaker;
  if (found == nullptr) return;
  found->in_pod = place.element->in_pod;
  const std::string pod = found->in_pod ? std::string(place.target.subject.workload->pointer) + "/spec" : std::string();
  Words words;
  words.pointer = part.keep(pod + place.element->pointer);
  words.location = place.target.location;
  if (state == State::fail) {
    const cel::Datum message = check.message->evaluate(place.host, scratch_);
    words.message = part.keep(message.is_error() ? std::string_view(check.check->title) : message.text());
    words.observed = part.keep(observe(check, place.host, place.target.subject.api_server));
  } else {
    found->gap = place.host.missing_read().value_or(kNoObject);
    words.message = part.keep(reason(verdict, place.host.missing_read()));
  }
  found->words = part.keep(words);
}

State Judge::judge_check(const CompiledCheck& check, const Place& place, Part& part) {
  State state = State::not_applicable;
  cel::Datum verdict = check.where ? check.where->evaluate(place.host, scratch_) : cel::Datum::boolean(true);
  if (verdict.is_true()) {
    verdict = check.expect->evaluate(place.host, scratch_);
    state = verdict.is_true() ? State::pass : verdict.is_false() ? State::fail : State::not_assessed;
  } else if (!verdict.is_false()) {
    state = State::not_assessed;
  }
  part.record(place.target.object, check.index, state);
  if (state == State::fail || state == State::not_assessed) add_finding(check, place, verdict, state, part);
  return state;
}

const std::vector<Element>& Judge::elements_of(const Check& check, const Subject& subject) {
  Each each = check.each;
  if (each.name.empty() && check.matches_workload) each.lists = {"spec"};
  const auto [place, is_new] = elements_.try_emplace(each);
  if (is_new) place->second = elements(check, subject.object, subject.workload);
  return place->second;
}

void Judge::judge(const Object& object, const std::vector<const CompiledCheck*>& checks,
                  const std::shared_ptr<const ManifestLocation>& location, Part& part) {
  const std::optional<Workload> pod = workload(object);
  if (pod && (!is_running(object) || is_static_control_plane(object, *pod))) return;
  const std::optional<Owner> owner = pod ? controller(object) : std::nullopt;
  const Subject subject = {known_.facts, known_.reads, object, pod ? &*pod : nullptr};
  const ObjectName seen_on = name_of(object);
  const std::uint32_t judged = part.object(owner ? owner->direct : seen_on);
  const Target target = {subject, judged, seen_on, location};
  arena_.reset();
  elements_.clear();
  TemplateMemo::Entry* known = pod ? &memo_.recall(checks, pod->spec) : nullptr;
  if (const Copies copies{&part, judged, known == nullptr ? 0 : known->id}; copies_ != copies) {
    copies_ = copies;
    failures_.assign(checks.size(), {});
  }
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const CompiledCheck& check = *checks[i];
    if (check.check->matches_workload && !pod) continue;
    if (known != nullptr && check.spec_fields) {
      judge_spec(check, target, known->verdicts[i], failures_[i], part);
    } else {
      judge_elements(check, target, part);
    }
  }
}

// What fails is judged on one pod of each controller at least: the finding names the one that shows it, and what was seen there.
void Judge::judge_spec(const CompiledCheck& check, const Target& target, std::uint8_t& verdict, Failure& failure,
                       Part& part) {
  if (verdict != TemplateMemo::kUnknown) return part.record(target.object, check.index, static_cast<State>(verdict));
  if (failure && part.see_again(failure->findings, target.seen_on)) {
    return part.record(target.object, check.index, failure->state);
  }
  findings_.clear();
  const State state = judge_elements(check, target, part);
  if (state == State::pass || state == State::not_applicable) {
    verdict = static_cast<std::uint8_t>(state);
  } else {
    failure = {state, findings_};
  }
}

/// The worst over the elements; not applicable without any.
State Judge::judge_elements(const CompiledCheck& check, const Target& target, Part& part) {
  State worst = State::not_applicable;
  part.record(target.object, check.index, worst);
  for (const Element& element : elements_of(*check.check, target.subject)) {
    scratch_.reset();
    CheckHost host(target.subject, arena_);
    host.use(*check.check, element.value);
    worst = std::max(worst, judge_check(check, {target, host, &element}, part));
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
  const Target target = {subject, judged, server.name, nowhere};
  judge_check(check, {target, host, &whole}, part);
  if (!hidden || part.state(judged, check.index) != State::pass) return;
  part.record(judged, check.index, State::not_assessed);
  Finding* found = part.see({judged, check.index, ""}, State::not_assessed, target.seen_on).speaker;
  if (found == nullptr) return;
  found->gap = *hidden;
  Words words;
  words.message = part.keep("fine on " + server.name.name +
                            ", but other API servers may be hidden: " + known_.gaps[*hidden].message);
  found->words = part.keep(words);
}

}  // namespace posture
