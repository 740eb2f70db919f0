// SPDX-License-Identifier: Apache-2.0
// Any expression over any object, `EXPRESSION NUL JSON`: it ends, within its limits, and twice with the same answer.
#include <string>

#include "base/json.h"
#include "cel/limits.h"
#include "input.h"
#include "policy.h"

namespace posture::fuzz {
namespace {

/// Every variable is the object; what a policy's authorizer allows depends on the verb.
class ObjectHost : public cel::Host {
 public:
  explicit ObjectHost(Value object) : object_(object) {}
  cel::Datum variable(std::size_t index, cel::Scratch& scratch) override {
    switch (index) {
      case 4: return cel::Datum::json(object_.is_list() ? object_ : Value(&empty_));
      case 5: return cel::Datum::boolean(true);
      case 6: return cel::Datum::authorizer(scratch);
      case 7: return cel::Datum::unknown("no request");
      default: return cel::Datum::json(object_);
    }
  }
  cel::Datum call(std::size_t, std::span<const cel::Datum> arguments, cel::Scratch& scratch) override {
    return cel::Datum::some(arguments[0], scratch);
  }
  cel::AccessDecision authorize(const cel::AccessQuestion& question, cel::Scratch&) override {
    if (question.verb.empty()) return {cel::Access::unknown, "no verb", {}};
    return {question.verb == "get" ? cel::Access::allowed : cel::Access::denied, question.resource, question.path};
  }

 private:
  Value object_;
  const Node empty_ = {ValueType::list, 0, {}};
};

std::string answer(const cel::Program& program, Value object) {
  cel::Scratch scratch;
  ObjectHost host(object);
  std::uint64_t cost = 0;
  cel::Course course;
  const cel::Datum value = program.evaluate(host, scratch, course);
  demand(course.cost <= cel::kMaxCost || value.is_error());
  return value.to_json(scratch) + " for " + std::to_string(course.cost);
}

}  // namespace
}  // namespace posture::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace posture;
  static const cel::Environment environment = fuzz::policy_environment();
  const std::string_view input = fuzz::text_of(data, size);
  const std::size_t end = std::min(input.find('\0'), size);
  const cel::Compilation compilation = cel::compile(environment, input.substr(0, end), {});
  if (!compilation.program) return 0;
  JsonParser parser;
  const Node* root = parser.parse_copy(end < size ? input.substr(end + 1) : std::string_view("{}"));
  static const Node null = {};
  const Value object(root != nullptr ? root : &null);
  fuzz::demand(fuzz::answer(*compilation.program, object) == fuzz::answer(*compilation.program, object));
  return 0;
}
