// SPDX-License-Identifier: Apache-2.0
// Kubernetes' resource.Quantity: decimal numbers with SI suffixes, compared and added exactly.
#pragma once

#include <string_view>

#include "cel/value/values.h"

namespace posture::cel {

__extension__ using Wide = __int128;

/// `unscaled` times ten to the power of `exponent`. `small` are those that Kubernetes keeps as an int64 and a scale: only they
/// have an integer value. `derived` are results of arithmetic, which Kubernetes cannot compare from the right of ==.
struct Quantity : Opaque {
  Wide unscaled = 0;
  std::int32_t exponent = 0;
  bool small = true;
  bool derived = false;
};

enum class QuantityParse { ok, malformed, too_large };
QuantityParse parse_quantity(std::string_view text, Quantity& out);
int compare_quantities(const Quantity& left, const Quantity& right);
/// False if the sum, or the difference, needs more than 127 bits.
bool add_quantities(const Quantity& left, const Quantity& right, Quantity& sum);
bool subtract_quantities(const Quantity& left, const Quantity& right, Quantity& difference);
Quantity quantity_from(std::int64_t value);
bool to_integer(const Quantity& quantity, std::int64_t& value);
double to_real(const Quantity& quantity);

}  // namespace posture::cel
