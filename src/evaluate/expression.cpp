// SPDX-License-Identifier: Apache-2.0
// One expression over one object, with the variables that checks have.
#include "base/json.h"
#include "evaluate/host.h"
#include "posture/error.h"
#include "posture/evaluate.h"

namespace posture {

namespace {

/// Receives manifests: the first stays, all of them feed the facts.
class Objects : public ListSink {
 public:
  explicit Objects(const std::vector<ListRequest>& requests) : requests_(requests) {}

  void item(std::size_t request, Item item) override {
    JsonParser& parser = first_ ? later_parser_ : first_parser_;
    Node* root = parser.parse(item.text());
    const std::optional<Object> object =
        root == nullptr ? std::nullopt : read_object(*root, requests_[request].resource, parser.arena());
    if (!object) throw Error(ErrorKind::input, "an object without metadata.name", item.location->file);
    facts_.add(*object);
    if (!first_) first_ = object;
  }
  void restart(std::size_t /*request*/) override {}
  void end(std::size_t /*request*/, const std::optional<Gap>& /*gap*/) override {}

  const Facts& facts() const { return facts_; }
  const Object& first() const { return first_.value(); }  // NOLINT(bugprone-unchecked-optional-access)

 private:
  const std::vector<ListRequest>& requests_;
  JsonParser first_parser_;
  JsonParser later_parser_;
  std::optional<Object> first_;
  Facts facts_;
};

/// Others may add to a set of manifests: absence proves nothing.
Reads open_reads() {
  Reads reads;
  for (const FactDeclaration& fact : fact_declarations()) {
    for (const KindName& kind : fact.reads) reads.add(kind, "", {Reads::Answer::open, std::nullopt});
  }
  return reads;
}

/// The type of a value, which is never dyn; its elements may be of any.
cel::Type type_of(cel::TypeKind kind) {
  switch (kind) {
    case cel::TypeKind::list:
    case cel::TypeKind::optional: return {kind, {cel::Type{}}};
    case cel::TypeKind::map: return {kind, {cel::Type{}, cel::Type{}}};
    default: return {kind, {}};
  }
}

Answer answer_of(const cel::Environment& names, const std::string& expression, cel::Host& host) {
  const cel::Compilation compilation = cel::compile(names, expression, cel::Type{}, cel::Places::kept);
  Answer answer;
  if (!compilation.program) {
    answer.problem = cel::describe(compilation.problems.front(), expression);
    return answer;
  }
  const cel::Program& program = *compilation.program;
  cel::Scratch scratch;
  cel::Course course;
  const cel::Datum value = program.evaluate(host, scratch, course);
  answer.cost = course.cost;
  if (value.is_error()) {
    const cel::Problem problem = cel::problem_at(course.failed_at.value_or(0), std::string(value.text()), expression);
    answer.problem = cel::describe(problem, expression);
    return answer;
  }
  answer.is_checked = program.type().kind != cel::TypeKind::dyn;
  answer.value = value.to_json(scratch);
  answer.type = to_string(answer.is_checked ? program.type() : type_of(value.kind()));
  answer.estimate = cel::estimate_cost(names, expression).value_or(cel::CostEstimate{});
  return answer;
}

/// An expression that stands alone names nothing.
class NoHost : public cel::Host {
 public:
  cel::Datum variable(std::size_t /*index*/, cel::Scratch& /*scratch*/) override {
    return cel::Datum::error("no variable");
  }
  cel::Datum call(std::size_t /*function*/, std::span<const cel::Datum> /*arguments*/,
                  cel::Scratch& /*scratch*/) override {
    return cel::Datum::error("no function");
  }
};

}  // namespace

Answer evaluate_expression(const std::string& expression) {
  NoHost host;
  return answer_of({}, expression, host);
}

Answer evaluate_expression(const std::string& expression, Source& manifests) {
  std::vector<ListRequest> requests;
  for (const Resource& resource : manifests.discover().resources) requests.push_back({resource, ""});
  Objects objects(requests);
  manifests.list(requests, objects);
  const std::optional<Workload> pod = workload(objects.first());
  const Reads reads = open_reads();
  const Subject subject = {objects.facts(), reads, objects.first(), pod ? &*pod : nullptr};
  const Check plain;
  Arena arena;
  CheckHost host(subject, arena);
  host.use(plain, Value());
  return answer_of(environment(plain), expression, host);
}

}  // namespace posture
