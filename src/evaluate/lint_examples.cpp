// SPDX-License-Identifier: Apache-2.0
#include "evaluate/lint_examples.h"

#include <array>

#include "base/json.h"
#include "posture/analysis.h"
#include "posture/evaluate.h"

namespace posture {

namespace {

/// Kinds that are read for owners, whatever a check asks.
const std::array<KindName, 3> kOwners = {{{"", "Pod"}, {"apps", "ReplicaSet"}, {"batch", "Job"}}};

constexpr const char* kOneApiServer = R"({"kind":"EndpointSlice","endpoints":[{"addresses":["192.0.2.10"]}]})";

/// A cluster that holds one example and nothing else.
class ExampleSource : public Source {
 public:
  ExampleSource(const Check& check, Value example) {
    for (const KindName& kind : kOwners) serve(kind);
    for (const KindName& kind : check.match) serve(kind);
    for (const FactDeclaration& fact : fact_declarations()) {
      for (const KindName& kind : fact.reads) serve(kind);
    }
    add(example);
  }

  About about() override { return {}; }
  Discovery discover() override { return discovery_; }
  Response get(const GetRequest& request) override {
    Response response;
    response.body = request.path == "/flagz" ? flagz_ : kOneApiServer;
    response.status = response.body.empty() ? 404 : 200;
    if (response.body.empty())
      response.gap = Gap{request.path, "", 404, GapReason::not_served, "not in the example", false};
    return response;
  }
  void list(std::span<const ListRequest> requests, ListSink& sink) override {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      for (const std::string& text : items_[{requests[i].resource.group, requests[i].resource.kind}]) {
        sink.item(i, {text + std::string(kJsonPadding, ' '), text.size(), nullptr});
      }
      sink.end(i, std::nullopt);
    }
  }
  bool shows_whole_cluster() const override { return true; }

 private:
  void serve(const KindName& kind) {
    if (kind.kind == kApiServerKind || discovery_.find(kind.group, kind.kind) != nullptr) return;
    const bool namespaced = !kind.kind.starts_with("Cluster") && kind.kind != "Namespace" && kind.kind != "Node" &&
                            kind.kind != "PersistentVolume";
    discovery_.resources.push_back({kind.group, "v1", kind.kind, kind.kind, namespaced});
  }

  void add(Value example) {
    for (const Node& object : example.elements()) add(Value(&object));
    if (!example.is_map()) return;
    if (example["refused"].present()) return add(example["object"].present() ? example["object"] : example["objects"]);
    if (example["kind"].text() == kApiServerKind) {
      flagz_ = R"({"kind":"Flagz","apiVersion":"config.k8s.io/v1beta1","flags":)";
      write_json(example["flags"], flagz_);
      flagz_ += "}";
      return;
    }
    const KindName kind = {std::string(parse_api_version(example["apiVersion"].text()).group),
                           std::string(example["kind"].text())};
    serve(kind);
    write_json(example, items_[kind].emplace_back());
  }

  Discovery discovery_;
  std::map<KindName, std::vector<std::string>> items_;
  std::string flagz_;
};

std::uint64_t count(const Assessment& assessment, State state) {
  std::uint64_t sum = 0;
  for (const Tally& tally : assessment.tallies) sum += tally.count[static_cast<std::size_t>(state)];
  return sum;
}

const Outcome* first(const Assessment& assessment, State state) {
  for (const Outcome& outcome : assessment.outcomes) {
    if (outcome.state == state) return &outcome;
  }
  return nullptr;
}

}  // namespace

std::string judge_example(const Check& check, std::string_view wanted, Value example) {
  Catalog catalog;
  catalog.checks.push_back(check);
  ExampleSource source(check, example);
  EvaluateOptions options;
  options.workers = 1;
  const Assessment assessment = evaluate(source, catalog, options);
  if (const Outcome* open = first(assessment, State::not_assessed))
    return "this example is not assessed: " + std::string(open->message);
  const Outcome* failed = first(assessment, State::fail);
  if (wanted == "fail") return failed == nullptr ? "this example does not fail" : "";
  if (failed != nullptr) return "this example fails: " + std::string(failed->message);
  const bool passes = count(assessment, State::pass) > 0;
  if (wanted == "pass") return passes ? "" : "nothing of this example is judged";
  return passes ? "this example passes" : "";
}

}  // namespace posture
