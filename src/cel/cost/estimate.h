// SPDX-License-Identifier: Apache-2.0
// The walk behind estimate_cost(): what each node is expected to cost, and what is known of its value's size.
#pragma once

#include <optional>
#include <vector>

#include "cel/check/checker.h"

namespace posture::cel {

inline constexpr Bounds kListCost = exactly(kListUnits);
inline constexpr Bounds kMapCost = exactly(kMapUnits);

/// Sizes of the elements of a list, or of the keys and values of a map.
struct Parts {
  bool list = false;
  Bounds key;
  Bounds value;
};
/// Nothing where nothing is known of one of them.
std::optional<Parts> either(const std::optional<Parts>& left, const std::optional<Parts>& right);
std::optional<Bounds> size_of_type(const StaticType* type);

struct Expected {
  Bounds cost;
  std::optional<Bounds> size;
  std::optional<Parts> parts;
  Bounds size_or_any() const { return size.value_or(kAnySize); }
};

class Estimator {
 public:
  explicit Estimator(std::uint32_t slots) : locals_(slots) {}
  Expected expect(const Expr* expr);

 private:
  struct Known {
    std::optional<Bounds> size;
    std::optional<Parts> parts;
  };

  static Expected literal(const Expr* expr);
  Expected name(const Expr* expr);
  Expected select(const Expr* expr);
  Expected logic(const Expr* expr);
  Expected ternary(const Expr* expr);
  Expected index(const Expr* expr);
  Expected call(const Expr* expr);
  Expected list(const Expr* expr);
  Expected map(const Expr* expr);
  static Operand operand(const Expr* expr, const Expected& expected);
  static Expected overloads(const Expr* expr, std::span<const Operand> operands);

  Expected macro(const Expr* expr);
  Expected loop(const Expr* expr, const Expected& range);
  Expected optional_map(const Expr* expr, const Expected& target);
  Expected sort_by(const Expr* expr, const Expected& target);
  void enter(const Expr* expr, const Expected& range);

  std::vector<Known> locals_;  // by slot
  std::uint32_t depth_ = 0;  // slots of variables in scope, as the checker counts them
};

}  // namespace posture::cel
