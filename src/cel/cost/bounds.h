// SPDX-License-Identifier: Apache-2.0
// Sizes and costs that are only known to lie between two numbers. The arithmetic saturates as cel-go's does.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace posture::cel {

inline constexpr std::uint64_t kUnbounded = std::numeric_limits<std::uint64_t>::max();

inline std::uint64_t saturated_sum(std::uint64_t left, std::uint64_t right) {
  return right > kUnbounded - left ? kUnbounded : left + right;
}
inline std::uint64_t saturated_product(std::uint64_t left, std::uint64_t right) {
  return right != 0 && left > kUnbounded / right ? kUnbounded : left * right;
}
inline std::uint64_t saturated(double number) {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  return number >= kTwoTo64 ? kUnbounded : static_cast<std::uint64_t>(number);
}
/// Rounded up.
inline std::uint64_t saturated_product(std::uint64_t units, double factor) {
  return saturated(std::ceil(static_cast<double>(units) * factor));
}

struct Bounds {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};
inline constexpr Bounds kAnySize{0, kUnbounded};
constexpr Bounds exactly(std::uint64_t number) { return {number, number}; }

inline Bounds operator+(Bounds left, Bounds right) {
  return {saturated_sum(left.least, right.least), saturated_sum(left.most, right.most)};
}
inline Bounds operator*(Bounds left, Bounds right) {
  return {saturated_product(left.least, right.least), saturated_product(left.most, right.most)};
}
inline Bounds operator*(Bounds left, double factor) {
  return {saturated_product(left.least, factor), saturated_product(left.most, factor)};
}
/// The narrowest that holds both.
inline Bounds either(Bounds left, Bounds right) {
  return {std::min(left.least, right.least), std::max(left.most, right.most)};
}

}  // namespace posture::cel
