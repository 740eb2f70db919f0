// SPDX-License-Identifier: Apache-2.0
#include "cel/value/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace posture::cel {
namespace {

constexpr std::int32_t kNano = -9;
constexpr Wide kMaxBinary = INT64_MAX;
constexpr std::int32_t kMaxExponent = 1'000'000;

enum class Format { decimal, binary };

struct Suffix {
  std::string_view text;
  Format format;
  std::int32_t exponent;  // of ten or two
};
constexpr std::array<Suffix, 16> kSuffixes = {{
    {"n", Format::decimal, -9},
    {"u", Format::decimal, -6},
    {"m", Format::decimal, -3},
    {"", Format::decimal, 0},
    {"k", Format::decimal, 3},
    {"M", Format::decimal, 6},
    {"G", Format::decimal, 9},
    {"T", Format::decimal, 12},
    {"P", Format::decimal, 15},
    {"E", Format::decimal, 18},
    {"Ki", Format::binary, 10},
    {"Mi", Format::binary, 20},
    {"Gi", Format::binary, 30},
    {"Ti", Format::binary, 40},
    {"Pi", Format::binary, 50},
    {"Ei", Format::binary, 60},
}};

bool multiply(Wide& value, std::uint64_t factor) { return !__builtin_mul_overflow(value, Wide{factor}, &value); }

bool scale_up(Wide& value, std::int32_t powers) {
  if (value == 0) return true;
  for (; powers > 0; --powers) {
    if (!multiply(value, 10)) return false;
  }
  return true;
}

/// The parts of a quantity's text.
struct Parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::string_view suffix;
};

std::string_view take_digits(std::string_view& rest) {
  const std::size_t length = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const std::string_view digits = rest.substr(0, length);
  rest.remove_prefix(length);
  return digits;
}

// Leading zeros of the whole part are dropped; an empty one stands for 0, as upstream.
bool split(std::string_view text, Parts& parts) {
  parts.negative = text.starts_with('-');
  if (parts.negative || text.starts_with('+')) text.remove_prefix(1);
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  parts.whole = take_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    parts.fraction = take_digits(text);
  }
  parts.suffix = text;
  text.remove_prefix(std::min(text.find_first_not_of("eEinumkKMGTP"), text.size()));
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  take_digits(text);
  return text.empty();
}

bool interpret(std::string_view text, Suffix& suffix) {
  const auto row = std::find_if(kSuffixes.begin(), kSuffixes.end(), [&](const Suffix& s) { return s.text == text; });
  if (row != kSuffixes.end()) {
    suffix = *row;
    return true;
  }
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return false;
  text.remove_prefix(text[1] == '+' ? 2 : 1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return false;
  if (exponent < -kMaxExponent || exponent > kMaxExponent) return false;
  suffix = {text, Format::decimal, static_cast<std::int32_t>(exponent)};
  return true;
}

bool to_wide(std::string_view whole, std::string_view fraction, Wide& value) {
  for (const std::string_view digits : {whole, fraction}) {
    for (const char digit : digits) {
      if (!multiply(value, 10) || __builtin_add_overflow(value, Wide{digit - '0'}, &value)) return false;
    }
  }
  return true;
}

// How many digits to spare Kubernetes sees before it leaves int64: negative means it does not try.
std::int32_t spare_digits(const Parts& parts, const Suffix& suffix) {
  const auto whole = static_cast<std::int32_t>(std::max<std::size_t>(parts.whole.size(), 1));
  const auto fraction = static_cast<std::int32_t>(parts.fraction.size());
  if (suffix.format == Format::decimal) return 18 - (whole + fraction);
  if (fraction > 0) return -1;
  return 15 - whole - static_cast<std::int32_t>(static_cast<float>(suffix.exponent) * 3 / 10) - 1;
}

// Rounds away from zero to nano scale. Precondition: not negative.
void round_up_to_nano(Wide& value, std::int32_t& exponent) {
  if (value == 0 || exponent >= kNano) return;
  bool rest = false;
  for (; exponent < kNano && value != 0; ++exponent) {
    rest = rest || value % 10 != 0;
    value /= 10;
  }
  exponent = kNano;
  if (rest) ++value;
}

}  // namespace

QuantityParse parse_quantity(std::string_view text, Quantity& out) {
  Parts parts;
  Suffix suffix{};
  out = {{TypeKind::quantity}, 0, 0, true, false};
  if (text.empty() || !split(text, parts) || !interpret(parts.suffix, suffix)) return QuantityParse::malformed;
  Wide value = 0;
  if (parts.fraction.size() > 60 || !to_wide(parts.whole, parts.fraction, value)) return QuantityParse::too_large;
  const bool binary = suffix.format == Format::binary;
  std::int32_t exponent = (binary ? 0 : suffix.exponent) - static_cast<std::int32_t>(parts.fraction.size());
  if (binary && !multiply(value, std::uint64_t{1} << suffix.exponent)) return QuantityParse::too_large;
  out.small = spare_digits(parts, suffix) >= 0 && exponent >= kNano && value <= kMaxBinary;
  if (!out.small) {
    round_up_to_nano(value, exponent);
    if (binary) {
      const Quantity cap{{TypeKind::quantity}, kMaxBinary, 0, false, false};
      const Quantity read{{TypeKind::quantity}, value, exponent, false, false};
      if (compare_quantities(read, cap) > 0) {
        value = kMaxBinary;
        exponent = 0;
      }
    }
  }
  out.unscaled = parts.negative ? -value : value;
  out.exponent = exponent;
  return QuantityParse::ok;
}

int compare_quantities(const Quantity& left, const Quantity& right) {
  const auto sign = [](Wide value) { return value < 0 ? -1 : (value > 0 ? 1 : 0); };
  if (sign(left.unscaled) != sign(right.unscaled)) return sign(left.unscaled) < sign(right.unscaled) ? -1 : 1;
  Wide a = left.unscaled;
  Wide b = right.unscaled;
  if (!scale_up(a, left.exponent - right.exponent)) return sign(left.unscaled);
  if (!scale_up(b, right.exponent - left.exponent)) return -sign(right.unscaled);
  return a < b ? -1 : (a > b ? 1 : 0);
}

namespace {

bool is_small(Wide value) { return value <= INT64_MAX && value >= INT64_MIN; }

Quantity negated(Quantity quantity) {
  quantity.unscaled = -quantity.unscaled;
  return quantity;
}

}  // namespace

bool add_quantities(const Quantity& left, const Quantity& right, Quantity& sum) {
  sum = left;
  sum.small = left.small && right.small;
  sum.derived = true;
  if (sum.small && right.unscaled == 0) return true;
  if (sum.small && left.unscaled == 0) {
    sum.unscaled = right.unscaled;
    sum.exponent = right.exponent;
    return true;
  }
  Wide other = right.unscaled;
  if (!scale_up(sum.unscaled, left.exponent - right.exponent) || !scale_up(other, right.exponent - left.exponent))
    return false;
  sum.small = sum.small && is_small(sum.unscaled) && is_small(other);
  if (__builtin_add_overflow(sum.unscaled, other, &sum.unscaled)) return false;
  sum.exponent = std::min(left.exponent, right.exponent);
  sum.small = sum.small && is_small(sum.unscaled);
  return true;
}

// Go negates an int64, and the least of them stays what it is; only where the sum overflows does it count exactly.
bool subtract_quantities(const Quantity& left, const Quantity& right, Quantity& difference) {
  const bool wraps = left.small && right.small && right.unscaled == INT64_MIN;
  if (wraps && add_quantities(left, right, difference) && difference.small) return true;
  Quantity negative = negated(right);
  negative.small = negative.small && !wraps;
  return add_quantities(left, negative, difference);
}

Quantity quantity_from(std::int64_t value) { return {{TypeKind::quantity}, value, 0, true, false}; }

bool to_integer(const Quantity& quantity, std::int64_t& value) {
  Wide wide = quantity.unscaled;
  if (!quantity.small || quantity.exponent < 0 || !scale_up(wide, quantity.exponent)) return false;
  if (wide > INT64_MAX || wide < INT64_MIN) return false;
  value = static_cast<std::int64_t>(wide);
  return true;
}

// Large numbers are kept at nano scale upstream, which decides the rounding.
double to_real(const Quantity& quantity) {
  Wide unscaled = quantity.unscaled;
  std::int32_t exponent = quantity.exponent;
  if (!quantity.small && !quantity.derived && unscaled != 0 && scale_up(unscaled, exponent - kNano)) {
    exponent = kNano;
  } else {
    unscaled = quantity.unscaled;
  }
  const double base = static_cast<double>(unscaled);
  return exponent == 0 ? base : base * std::pow(10.0, exponent);
}

}  // namespace posture::cel
