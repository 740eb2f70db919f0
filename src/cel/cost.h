// SPDX-License-Identifier: Apache-2.0
// Units charged for calls, as k8s.io/apiserver's cost estimator and cel-go's runtime cost define them.
#pragma once

#include <algorithm>

#include "cel/library.h"

namespace posture::cel::cost {

using Arguments = std::span<const Datum>;

/// A tenth of the size of argument `n`.
template <std::size_t n>
std::uint64_t traverse(Arguments arguments, const Datum&) {
  return traversal(cost_size(arguments[n]));
}

inline std::uint64_t free(Arguments, const Datum&) { return 0; }

/// Two tenths of the size of argument `n`.
template <std::size_t n>
std::uint64_t traverse_twice(Arguments arguments, const Datum&) {
  return (cost_size(arguments[n]) * 2 + 9) / 10;
}

inline std::uint64_t traverse_result_twice(Arguments, const Datum& result) { return (cost_size(result) * 2 + 9) / 10; }

/// A walk over all elements of a list, texts at a tenth of their bytes.
std::uint64_t deep(Arguments arguments, const Datum& result);

/// Sorting and the like: every element against every other.
std::uint64_t quadratic(Arguments arguments, const Datum& result);

/// A list made: its size and the price of a list.
inline std::uint64_t made_list(Arguments, const Datum& result) { return cost_size(result) + 11; }

/// Text times a part searched in it.
inline std::uint64_t search(Arguments arguments, const Datum&) {
  return traversal(cost_size(arguments[0])) * traversal(cost_size(arguments[1]));
}

/// Text times a quarter of the pattern's length.
inline std::uint64_t match(Arguments arguments, const Datum&) {
  return traversal(1 + cost_size(arguments[0])) * ((cost_size(arguments[1]) + 3) / 4);
}

}  // namespace posture::cel::cost
