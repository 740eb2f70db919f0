// SPDX-License-Identifier: Apache-2.0
// Where in the text an evaluation failed: around every node of a program that keeps places.
#include "cel/run/node.h"

namespace posture::cel {
namespace {

// The innermost node that fails notes its place; one whose failure was absorbed (by ||, &&, an optional) forgets what was noted inside.
struct PlacedNode final : Instruction {
  PlacedNode(Code c, std::uint32_t o) : code(std::move(c)), offset(o) {}

  Datum eval(Frame& frame) const override {
    const std::uint32_t before = frame.failed_at;
    return noted(frame, before, code->eval(frame));
  }
  Datum resolve(Frame& frame) const override {
    const std::uint32_t before = frame.failed_at;
    return noted(frame, before, code->resolve(frame));
  }
  std::uint64_t end_cost() const override { return code->end_cost(); }
  Datum eval_inside(Frame& frame) const override {
    const std::uint32_t before = frame.failed_at;
    return noted(frame, before, code->eval_inside(frame));
  }
  const Datum* constant() const override { return code->constant(); }
  bool literal() const override { return code->literal(); }

  Datum noted(Frame& frame, std::uint32_t before, Datum result) const {
    if (!is_error(result)) {
      frame.failed_at = before;
    } else if (frame.failed_at == kNoPlace) {
      frame.failed_at = offset;
    }
    return result;
  }

  Code code;
  std::uint32_t offset;
};

}  // namespace

Code make_placed(Code code, std::uint32_t offset) { return std::make_unique<PlacedNode>(std::move(code), offset); }

}  // namespace posture::cel
