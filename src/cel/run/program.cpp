// SPDX-License-Identifier: Apache-2.0
// compile() and evaluate(): the stages in their order.
#include <array>
#include <memory>

#include "cel/run/emit.h"
#include "cel/syntax/parser.h"

namespace posture::cel {
namespace {

constexpr std::size_t kMaxInline = 24;

// The lid on memory for the time of one evaluation; evaluations may nest, through the host.
class MemoryLid {
 public:
  explicit MemoryLid(Memory& memory) : memory_(memory), limit_(memory.limit), exhausted_(memory.exhausted) {
    memory_.limit = memory_.arena.bytes_used() + kMaxMemory;
    memory_.exhausted = false;
  }
  ~MemoryLid() {
    memory_.limit = limit_;
    memory_.exhausted = exhausted_;
  }
  MemoryLid(const MemoryLid&) = delete;
  MemoryLid& operator=(const MemoryLid&) = delete;

 private:
  Memory& memory_;
  std::size_t limit_;
  bool exhausted_;
};

}  // namespace

Program::Program(std::unique_ptr<const Code> code) : code_(std::move(code)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

const Type& Program::type() const { return code_->type; }
const std::vector<std::size_t>& Program::variables() const { return code_->variables; }
const std::vector<std::size_t>& Program::functions() const { return code_->functions; }
const std::vector<std::pair<std::size_t, std::string>>& Program::constant_arguments() const {
  return code_->constant_arguments;
}
const std::vector<FieldPath>& Program::field_paths() const { return code_->field_paths; }

Datum Program::evaluate(Host& host, Scratch& scratch) const {
  Course course;
  return evaluate(host, scratch, course);
}

Datum Program::evaluate(Host& host, Scratch& scratch, Course& course) const {
  Memory& memory = scratch.memory();
  const MemoryLid lid(memory);
  const std::size_t variables = code_->variables.size();
  const std::size_t size = variables + code_->locals;
  alignas(Datum) std::array<std::byte, kMaxInline * sizeof(Datum)> few;  // only as much is initialized as is used
  void* place = size <= kMaxInline ? few.data() : static_cast<void*>(memory.array<Datum>(size));
  if (place == nullptr) return out_of_memory();
  Datum* room = static_cast<Datum*>(place);
  std::uninitialized_fill_n(room, size, make_absent());
  Frame frame{&host, scratch, {room, variables}, {room + variables, code_->locals}};
  const Datum result = code_->root->eval(frame);
  course = {frame.cost, frame.failed_at == kNoPlace ? std::nullopt : std::optional<std::size_t>(frame.failed_at)};
  if (frame.cost > kMaxCost) return Datum::error("operation cancelled: actual cost limit exceeded");
  if (frame.panicked) return Datum::error("internal error: a key that Go's maps cannot hold");
  return memory.exhausted ? out_of_memory() : result;
}

Compilation compile(const Environment& environment, std::string_view source, const Type& expected, Places places) {
  Compilation result;
  Arena arena;
  Problems problems(source);
  auto code = std::make_unique<Program::Code>();
  if (Expr* root = parse(source, arena, problems)) {
    Checker checker(environment, arena, problems);
    checker.check_root(root, expected);
    if (problems.empty()) validate_literals(root, problems);
    if (problems.empty()) {
      code->type = to_public(root->type);
      code->locals = checker.slots();
      collect_names(root, *code);
      emit(root, *code, places, problems);
    }
  }
  if (problems.empty()) {
    result.program = std::make_unique<Program>(std::move(code));
  } else {
    result.problems = problems.take();
  }
  return result;
}

}  // namespace posture::cel
