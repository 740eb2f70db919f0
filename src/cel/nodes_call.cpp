// SPDX-License-Identifier: Apache-2.0
// Calls: the overload is chosen by the kinds of the arguments at run time, among those the checker left.
#include <algorithm>
#include <array>

#include "cel/node.h"

namespace posture::cel {
namespace {

constexpr std::size_t kMaxInline = 4;

// Evaluates arguments into `values`; the failure to return if there is one, else absent.
Datum evaluate(Frame& frame, const std::vector<Code>& arguments, Datum* values) {
  Datum failure = make_absent();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    values[i] = arguments[i]->eval(frame);
    if (!is_error(values[i])) continue;
    failure = is(failure, Tag::absent) ? values[i] : worse(failure, values[i]);
    if (is(failure, Tag::unknown)) break;
  }
  return failure;
}

// Room for a call's arguments on the stack, or in the scratch for the rare long call.
struct Arguments {
  Arguments(Frame& frame, std::size_t size)
      : values(size <= kMaxInline ? new(few) Datum[kMaxInline] : frame.memory().array<Datum>(size)) {}
  alignas(Datum) std::byte few[kMaxInline * sizeof(Datum)];
  Datum* values;
};

bool takes(const Callable& callable, std::span<const Datum> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Guard guard = callable.parameters[i];
    if (guard.kind == TypeKind::dyn) continue;
    if (guard.kind != arguments[i].kind()) return false;
    if (guard.element == TypeKind::dyn || list_size(arguments[i]) == 0) continue;
    if (guard.element != list_at(arguments[i], 0).kind()) return false;
  }
  return true;
}

struct CallNode final : Instruction {
  CallNode(std::vector<Callable> o, std::vector<Code> a) : overloads(std::move(o)), arguments(std::move(a)) {}

  Datum eval(Frame& frame) const override {
    Arguments room(frame, arguments.size());
    if (room.values == nullptr) return out_of_memory();
    const Datum failure = evaluate(frame, arguments, room.values);
    if (!is(failure, Tag::absent)) return failure;
    const std::span<const Datum> values(room.values, arguments.size());
    for (const Callable& callable : overloads) {
      if (takes(callable, values)) return call(frame, *callable.overload, values);
    }
    return no_such_overload();
  }

  static Datum call(Frame& frame, const Overload& overload, std::span<const Datum> values) {
    const Datum result = overload.body(frame, values);
    frame.charge(overload.cost == nullptr ? 1 : overload.cost(values, result));
    return result;
  }

  std::vector<Callable> overloads;
  std::vector<Code> arguments;
};

struct HostCallNode final : Instruction {
  HostCallNode(std::uint32_t f, std::vector<Code> a) : function(f), arguments(std::move(a)) {}
  Datum eval(Frame& frame) const override {
    Arguments room(frame, arguments.size());
    if (room.values == nullptr) return out_of_memory();
    const Datum failure = evaluate(frame, arguments, room.values);
    if (!is(failure, Tag::absent)) return failure;
    frame.charge(1);
    return frame.host->call(function, std::span<const Datum>(room.values, arguments.size()), frame.scratch);
  }
  std::uint32_t function;
  std::vector<Code> arguments;
};

}  // namespace

Code make_call(std::vector<Callable> overloads, std::vector<Code> arguments) {
  return std::make_unique<CallNode>(std::move(overloads), std::move(arguments));
}
Code make_host_call(std::uint32_t function, std::vector<Code> arguments) {
  return std::make_unique<HostCallNode>(function, std::move(arguments));
}

}  // namespace posture::cel
