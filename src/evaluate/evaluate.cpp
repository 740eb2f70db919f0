// SPDX-License-Identifier: Apache-2.0
// The run: plan, waves of lists judged as they arrive, the API server's own settings, then one assessment.
#include "posture/evaluate.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/json.h"
#include "evaluate/api_servers.h"
#include "evaluate/assemble/assemble.h"
#include "evaluate/judge.h"
#include "evaluate/namespaces.h"
#include "evaluate/plan.h"
#include "evaluate/workers.h"
#include "posture/error.h"

namespace posture {

namespace {

const KindName kPod = {"", "Pod"};
constexpr JsonOmission kManagedFields[] = {{"metadata", "managedFields"}};  // nobody's question
/// Together half of a pod and more. Of the status facts need the rest.
constexpr JsonOmission kOfPods[] = {{"metadata", "managedFields"},
                                    {"status", "conditions"},
                                    {"status", "containerStatuses"},
                                    {"status", "ephemeralContainerStatuses"},
                                    {"status", "initContainerStatuses"}};
constexpr std::string_view kApiServerNamespace = "kube-system";  // of its mirror pods

/// By the list that failed, of `lists` ones.
std::vector<std::vector<NamespaceEnd>> ends_of(const NarrowedLists& narrowed,
                                               const std::vector<std::optional<Gap>>& gaps, std::size_t lists) {
  std::vector<std::vector<NamespaceEnd>> ends(lists);
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    ends[narrowed.of[i]].push_back({narrowed.lists[i].request.ns, gaps[i]});
  }
  return ends;
}

/// What is left out of objects of this kind.
std::span<const JsonOmission> omissions(const KindName& kind, const Plan& plan) {
  if (kind != kPod) return kManagedFields;
  const auto checks = plan.by_kind.find(kind);
  const bool is_asked =
      checks != plan.by_kind.end() && std::any_of(checks->second.begin(), checks->second.end(),
                                                  [](const CompiledCheck* check) { return check->reads_status; });
  return is_asked ? std::span<const JsonOmission>(kManagedFields) : kOfPods;
}

std::vector<ListRequest> requests_of(const std::vector<PlannedList>& lists) {
  std::vector<ListRequest> requests;
  requests.reserve(lists.size());
  for (const PlannedList& list : lists) requests.push_back(list.request);
  return requests;
}

/// One wave: receives the items of its lists, hands them to the workers, and keeps what they found apart per list and attempt.
class Wave : public ListSink {
 public:
  Wave(const Plan& plan, const std::vector<PlannedList>& lists, const Knowledge& known, std::size_t workers)
      : plan_(plan),
        lists_(lists),
        attempts_(lists.size(), 0),
        ends_(lists.size()) {
    for (const PlannedList& list : lists) omitted_.push_back(omissions(list.kind, plan));
    for (std::size_t i = 0; i < workers; ++i) desks_.push_back(std::make_unique<Desk>(known));
    workers_ =
        std::make_unique<Workers>(workers, [this](std::size_t worker, Task& task) { work(*desks_[worker], task); });
  }

  void item(std::size_t request, Item item) override { workers_->push({request, attempts_[request], std::move(item)}); }
  void restart(std::size_t request) override { ++attempts_[request]; }
  void end(std::size_t request, const std::optional<Gap>& gap) override { ends_[request] = gap; }

  void finish() { workers_->drain(); }
  const std::vector<std::optional<Gap>>& gaps() const { return ends_; }  ///< of the lists, in their order
  /// What the workers found in the last attempt of one list.
  std::vector<std::unique_ptr<Part>> take(std::size_t request) {
    std::vector<std::unique_ptr<Part>> parts;
    for (const std::unique_ptr<Desk>& desk : desks_) {
      const auto found = desk->parts.find({request, attempts_[request]});
      if (found != desk->parts.end()) parts.push_back(std::move(found->second));
    }
    return parts;
  }

 private:
  /// All that one worker touches.
  struct Desk {
    explicit Desk(const Knowledge& known) : judge(known) {}
    JsonParser parser;
    Judge judge;
    std::map<std::pair<std::size_t, std::size_t>, std::unique_ptr<Part>> parts;
  };

  void work(Desk& desk, Task& task) {
    std::unique_ptr<Part>& part = desk.parts[{task.request, task.attempt}];
    if (!part) part = desk.judge.new_part(plan_.check_count);
    const PlannedList& list = lists_[task.request];
    Node* root = desk.parser.parse(task.item.text(), omitted_[task.request]);
    const std::optional<Object> object =
        root == nullptr ? std::nullopt : read_object(*root, list.request.resource, desk.parser.arena());
    if (!object) {
      ++part->malformed;
      part->malformed_reason = root == nullptr ? desk.parser.error() : "an item without a name";
      return;
    }
    ++part->objects_read;
    part->facts.add(*object);
    const auto checks = plan_.by_kind.find(list.kind);
    if (checks != plan_.by_kind.end()) desk.judge.judge(*object, checks->second, task.item.location, *part);
  }

  const Plan& plan_;
  const std::vector<PlannedList>& lists_;
  std::vector<std::span<const JsonOmission>> omitted_;  // by list
  std::vector<std::size_t> attempts_;
  std::vector<std::optional<Gap>> ends_;
  std::vector<std::unique_ptr<Desk>> desks_;
  std::unique_ptr<Workers> workers_;
};

class Run {
 public:
  Run(Source& source, const Catalog& catalog, const EvaluateOptions& options)
      : source_(source),
        catalog_(catalog),
        options_(options),
        threads_(options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency())),
        closed_(source.shows_whole_cluster()) {}

  Assessment run() {
    result_.about = source_.about();
    result_.scope = options_.scope;
    const Discovery discovery = source_.discover();
    plan_ = make_plan(catalog_, discovery, options_.scope, closed_);
    Namespaces namespaces(source_, discovery, result_.about.ns);
    for (const Gap& gap : plan_.unknown_groups) add_gap(gap);
    for (const auto& [kind, gap] : plan_.unreadable) add_read(kind, "", gap);
    leave_contents();
    for (const KindName& kind : plan_.unlisted) add_read(kind, "", std::nullopt);
    for (const std::vector<PlannedList>& lists : plan_.waves) read_wave(lists, namespaces);
    look_for_empty_namespaces();
    judge_api_servers();
    return assemble(catalog_, plan_, std::move(result_), std::move(parts_),
                    {facts_.owners, missing_, options_.keep_passed, threads_});
  }

 private:
  std::uint32_t add_gap(const Gap& gap) {
    result_.gaps.push_back(gap);
    return static_cast<std::uint32_t>(result_.gaps.size() - 1);
  }

  Reads::Result add_read(const KindName& kind, const std::string& ns, const std::optional<Gap>& gap) {
    Reads::Result read;
    if (gap) {
      read = {Reads::Answer::missing, add_gap(*gap)};
      missing_.push_back({kind, ns, *read.gap});
    } else if (closed_) {
      read = {Reads::Answer::whole, std::nullopt};
    } else if (plan_.fact_kinds.contains(kind)) {
      read = {Reads::Answer::open, add_gap({to_string(kind), ns, 0, GapReason::not_in_files,
                                            "a set of manifests cannot show what else the cluster has", false})};
    }
    reads_.add(kind, ns, read);
    return read;
  }

  void leave_contents() {
    if (plan_.content_checks.empty()) return;
    const std::uint32_t gap = add_gap({"secrets", "", 0, GapReason::withheld,
                                       "the contents of Secrets are never read, and this is about them", false});
    for (const std::uint32_t check : plan_.content_checks) missing_.push_back({kSecret, "", gap, check});
  }

  std::unique_ptr<Wave> read(const std::vector<PlannedList>& lists) {
    auto wave = std::make_unique<Wave>(plan_, lists, Knowledge{facts_, reads_, result_.gaps}, threads_);
    source_.list(requests_of(lists), *wave);
    wave->finish();
    return wave;
  }

  void read_wave(const std::vector<PlannedList>& lists, Namespaces& namespaces) {
    const std::unique_ptr<Wave> wave = read(lists);
    const NarrowedLists narrowed = narrow(lists, wave->gaps(), namespaces);
    std::vector<std::optional<Gap>> narrow_gaps;
    if (!narrowed.lists.empty()) {
      const std::unique_ptr<Wave> narrow_wave = read(narrowed.lists);
      for (std::size_t i = 0; i < narrowed.lists.size(); ++i) {
        narrow_gaps.push_back(commit(narrowed.lists[i].request, narrow_wave->gaps()[i], narrow_wave->take(i)));
      }
    }
    const std::vector<std::vector<NamespaceEnd>> ends = ends_of(narrowed, narrow_gaps, lists.size());
    for (std::size_t i = 0; i < lists.size(); ++i) {
      const bool came_by_namespace = std::any_of(ends[i].begin(), ends[i].end(), came);
      std::optional<Gap> gap = wave->gaps()[i];
      if (!came_by_namespace) gap = commit(lists[i].request, gap, wave->take(i));
      if (gap && !ends[i].empty()) gap = remaining_gap(*gap, ends[i], namespaces.others());
      close(lists[i], gap, ends[i]);
    }
  }

  /// Makes what a list found visible; answers with what is missing of it.
  std::optional<Gap> commit(const ListRequest& request, std::optional<Gap> gap,
                            std::vector<std::unique_ptr<Part>> parts) {
    std::size_t malformed = 0;
    std::string reason;
    for (std::unique_ptr<Part>& part : parts) {
      malformed += part->malformed;
      reason = std::max(reason, part->malformed_reason);
      result_.objects_read += part->objects_read;
      if (part->objects_read > 0) with_answer_.insert(request.ns);
      facts_.merge(part->facts);
      part->facts = {};
      parts_.push_back(std::move(part));
    }
    if (gap || malformed > 0) with_answer_.insert(request.ns);
    if (gap || malformed == 0) return gap;
    return Gap{group_resource(request.resource),
               request.ns,
               0,
               GapReason::malformed,
               std::to_string(malformed) + " of the objects could not be understood: " + reason,
               true};
  }

  void close(const PlannedList& list, const std::optional<Gap>& gap, const std::vector<NamespaceEnd>& ends) {
    const Reads::Result read = add_read(list.kind, list.request.ns, gap);
    for (const NamespaceEnd& end : ends) {
      reads_.add(list.kind, end.ns, end.gap ? read : Reads::Result{Reads::Answer::whole});
    }
  }

  /// A mistyped name must not look like a namespace in which all is well.
  void look_for_empty_namespaces() {
    if (!closed_) return;
    for (const auto& [ns, gap] : look_for_empty(source_, options_.scope.namespaces, with_answer_)) {
      const std::uint32_t index = add_gap(gap);
      for (const auto& [kind, checks] : plan_.by_kind) missing_.push_back({kind, ns, index});
    }
  }

  void judge_api_servers() {
    if (plan_.api_server.empty()) return;
    const ApiServerGaps gaps = read_api_servers(source_, facts_.api_servers);
    if (facts_.api_servers.empty()) {
      if (gaps.flagz) missing_.push_back({{"", kApiServerKind}, "", add_gap(*gaps.flagz)});
      return;
    }
    std::optional<std::uint32_t> hidden = reads_.look_up(kPod, kApiServerNamespace).gap;
    if (!hidden && gaps.hidden) hidden = add_gap(*gaps.hidden);
    Judge judge({facts_, reads_, result_.gaps});
    std::unique_ptr<Part> part = judge.new_part(plan_.check_count);
    for (const ApiServer& server : facts_.api_servers) {
      for (const CompiledCheck* check : plan_.api_server) judge.judge_api_server(server, *check, hidden, *part);
    }
    parts_.push_back(std::move(part));
  }

  Source& source_;
  const Catalog& catalog_;
  const EvaluateOptions& options_;
  const std::size_t threads_;
  const bool closed_;
  Plan plan_;
  Assessment result_;
  Facts facts_;
  Reads reads_;
  std::set<std::string> with_answer_;  // namespaces of which a list had objects, or was refused
  std::vector<MissingRead> missing_;
  std::vector<std::unique_ptr<Part>> parts_;
};

/// Takes everything and keeps only how it ended.
class Ends : public ListSink {
 public:
  explicit Ends(std::size_t lists) : gaps(lists), items(lists) {}
  void item(std::size_t request, Item) override { ++items[request]; }
  void restart(std::size_t request) override { items[request] = 0; }
  void end(std::size_t request, const std::optional<Gap>& gap) override { gaps[request] = gap; }

  std::vector<std::optional<Gap>> gaps;
  std::vector<std::size_t> items;
};

/// Adds to `with_answer` the namespaces of which a list has objects, or is refused.
std::vector<std::optional<Gap>> read_lists(Source& source, const std::vector<PlannedList>& lists,
                                           std::set<std::string>& with_answer) {
  Ends ends(lists.size());
  if (!lists.empty()) source.list(requests_of(lists), ends);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (ends.gaps[i] || ends.items[i] > 0) with_answer.insert(lists[i].request.ns);
  }
  return std::move(ends.gaps);
}

}  // namespace

Assessment evaluate(Source& source, const Catalog& catalog, const EvaluateOptions& options) {
  return Run(source, catalog, options).run();
}

std::vector<Gap> read_all(Source& source, const Catalog& catalog, const Scope& scope) {
  const About about = source.about();
  const Discovery discovery = source.discover();
  const Plan plan = make_plan(catalog, discovery, scope, source.shows_whole_cluster());
  Namespaces namespaces(source, discovery, about.ns);
  std::vector<Gap> missing;
  std::set<std::string> with_answer;
  for (const std::vector<PlannedList>& lists : plan.waves) {
    std::vector<std::optional<Gap>> gaps = read_lists(source, lists, with_answer);
    const NarrowedLists narrowed = narrow(lists, gaps, namespaces);
    const std::vector<std::vector<NamespaceEnd>> ends =
        ends_of(narrowed, read_lists(source, narrowed.lists, with_answer), lists.size());
    for (std::size_t i = 0; i < lists.size(); ++i) {
      std::optional<Gap>& gap = gaps[i];
      if (gap && !ends[i].empty()) gap = remaining_gap(*gap, ends[i], namespaces.others());
      if (gap) missing.push_back(*gap);
    }
  }
  for (const auto& [ns, gap] : look_for_empty(source, scope.namespaces, with_answer)) missing.push_back(gap);
  if (plan.api_server.empty()) return missing;
  for (const GetRequest& request : api_server_reads()) {
    if (const std::optional<Gap> gap = source.get(request).gap) missing.push_back(*gap);
  }
  return missing;
}

}  // namespace posture
