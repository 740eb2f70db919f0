// SPDX-License-Identifier: Apache-2.0
// Equality, order and hashing across types, as cel-go defines them: numbers lie on one line, unlike types are unequal.
#pragma once

#include <compare>
#include <optional>

#include "cel/value/values.h"

namespace posture::cel {

/// Total: unlike types are unequal, NaN equals nothing. Errors must not get here. Takes each visited part off `visits`; once
/// that is used up the answer is false and `visits` stays 0.
bool equal(const Datum& left, const Datum& right, std::uint64_t& visits);
/// Equal values of types that can be map keys hash alike (numbers across types).
std::uint64_t hash(const Datum& key);

/// `ordered` is false where CEL has no order between the two (unlike types, lists, NaN).
struct Order {
  bool ordered = false;
  int sign = 0;
};
Order compare(const Datum& left, const Datum& right);
int compare_text(std::string_view left, std::string_view right);

}  // namespace posture::cel
