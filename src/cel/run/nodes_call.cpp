// SPDX-License-Identifier: Apache-2.0
// Calls: the overload is chosen by the kinds of the arguments at run time, among those the checker left.
#include <algorithm>
#include <array>

#include "cel/run/node.h"

namespace posture::cel {
namespace {

constexpr std::size_t kMaxInline = 4;

// Evaluates arguments into `values`; the failure to return if there is one, else absent. `charged` becomes false where cel-go
// leaves before the call: where `strict` an argument that fails is the last one that it evaluates.
Datum evaluate(Frame& frame, const std::vector<Code>& arguments, Datum* values, bool strict, bool& charged) {
  Datum failure = make_absent();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool failed = !is(failure, Tag::absent);
    const std::uint64_t cost = frame.cost;
    values[i] = arguments[i]->eval(frame);
    if (failed && strict) {
      frame.cost = cost;
      charged = false;
    }
    if (!is_error(values[i])) continue;
    failure = failed ? worse(failure, values[i]) : values[i];
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
  CallNode(std::vector<Callable> o, std::vector<Code> a)
      : overloads(std::move(o)),
        arguments(std::move(a)),
        strict(overloads.size() > 1 || arguments.size() > 2) {}

  Datum eval(Frame& frame) const override {
    Arguments room(frame, arguments.size());
    if (room.values == nullptr) return out_of_memory();
    bool charged = true;
    const Datum failure = evaluate(frame, arguments, room.values, strict, charged);
    const std::span<const Datum> values(room.values, arguments.size());
    if (is(failure, Tag::absent)) return call(frame, values);
    if (charged && !is(failure, Tag::unknown)) charge(frame, overloads[0], values, failure);
    return failure;
  }

  Datum call(Frame& frame, std::span<const Datum> values) const {
    for (const Callable& callable : overloads) {
      if (!takes(callable, values)) continue;
      const Datum result = callable.overload->body(frame, values);
      charge(frame, callable, values, result);
      return result;
    }
    const Datum result = no_such_overload();
    charge(frame, overloads[0], values, result);
    return result;
  }

  static void charge(Frame& frame, const Callable& callable, std::span<const Datum> values, const Datum& result) {
    frame.charge(units_of(callable.units, values, result));
  }

  std::vector<Callable> overloads;
  std::vector<Code> arguments;
  bool strict;
};

struct HostCallNode final : Instruction {
  HostCallNode(std::uint32_t f, std::vector<Code> a) : function(f), arguments(std::move(a)) {}
  Datum eval(Frame& frame) const override {
    Arguments room(frame, arguments.size());
    if (room.values == nullptr) return out_of_memory();
    bool charged = true;
    const Datum failure = evaluate(frame, arguments, room.values, false, charged);
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
