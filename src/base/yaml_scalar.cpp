// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/base64.h"
#include "base/text.h"

namespace posture {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Word {
  std::string_view text;
  enum Meaning { null, yes, no, infinity, minus_infinity, nan } meaning;
};

constexpr std::array kWords = {
    Word{"", Word::null},
    Word{"~", Word::null},
    Word{"null", Word::null},
    Word{"Null", Word::null},
    Word{"NULL", Word::null},
    Word{"y", Word::yes},
    Word{"Y", Word::yes},
    Word{"yes", Word::yes},
    Word{"Yes", Word::yes},
    Word{"YES", Word::yes},
    Word{"true", Word::yes},
    Word{"True", Word::yes},
    Word{"TRUE", Word::yes},
    Word{"on", Word::yes},
    Word{"On", Word::yes},
    Word{"ON", Word::yes},
    Word{"n", Word::no},
    Word{"N", Word::no},
    Word{"no", Word::no},
    Word{"No", Word::no},
    Word{"NO", Word::no},
    Word{"false", Word::no},
    Word{"False", Word::no},
    Word{"FALSE", Word::no},
    Word{"off", Word::no},
    Word{"Off", Word::no},
    Word{"OFF", Word::no},
    Word{".inf", Word::infinity},
    Word{".Inf", Word::infinity},
    Word{".INF", Word::infinity},
    Word{"+.inf", Word::infinity},
    Word{"+.Inf", Word::infinity},
    Word{"+.INF", Word::infinity},
    Word{"-.inf", Word::minus_infinity},
    Word{"-.Inf", Word::minus_infinity},
    Word{"-.INF", Word::minus_infinity},
    Word{".nan", Word::nan},
    Word{".NaN", Word::nan},
    Word{".NAN", Word::nan},
};
constexpr std::size_t kLongestWord = 5;

YamlScalar meaning_of(Word::Meaning meaning) {
  switch (meaning) {
    case Word::null: return std::monostate();
    case Word::yes: return true;
    case Word::no: return false;
    case Word::infinity: return kInfinity;
    case Word::minus_infinity: return -kInfinity;
    case Word::nan: return kNan;
  }
  return std::monostate();
}

std::optional<YamlScalar> word(std::string_view text) {
  if (text.size() > kLongestWord) return std::nullopt;
  const auto* found = std::find_if(kWords.begin(), kWords.end(), [&](const Word& each) { return each.text == text; });
  if (found == kWords.end()) return std::nullopt;
  return meaning_of(found->meaning);
}

/// 0x, 0o, 0b or a leading 0 choose the base, as in Go's ParseInt with base 0; the prefix is taken off.
int take_base(std::string_view& digits) {
  struct Prefix {
    std::string_view text;
    int base;
  };
  static constexpr std::array kPrefixes = {Prefix{"0x", 16}, Prefix{"0X", 16}, Prefix{"0o", 8}, Prefix{"0O", 8},
                                           Prefix{"0b", 2},  Prefix{"0B", 2},  Prefix{"0", 8}};
  for (const Prefix& prefix : kPrefixes) {
    if (digits.size() > prefix.text.size() && digits.substr(0, prefix.text.size()) == prefix.text) {
      digits.remove_prefix(prefix.text.size());
      return prefix.base;
    }
  }
  return 10;
}

std::optional<YamlScalar> integer(std::string_view plain) {
  const bool negative = plain[0] == '-';
  std::string_view digits = plain.substr(negative || plain[0] == '+' ? 1 : 0);
  const int base = take_base(digits);
  std::uint64_t magnitude = 0;
  const std::from_chars_result parsed = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
  if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (magnitude <= kMax) return negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
  if (negative && magnitude == kMax + 1) return std::numeric_limits<std::int64_t>::min();
  return negative ? std::nullopt : std::optional<YamlScalar>(static_cast<double>(magnitude));
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_like_float(std::string_view text) {
  std::size_t at = text[0] == '-' || text[0] == '+' ? 1 : 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  const std::size_t whole = digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::optional<YamlScalar> real(std::string_view plain) {
  if (!looks_like_float(plain)) return std::nullopt;
  if (plain[0] == '+') plain.remove_prefix(1);
  double number = 0;
  const std::from_chars_result parsed = std::from_chars(plain.data(), plain.data() + plain.size(), number);
  if (parsed.ec == std::errc::result_out_of_range && plain.find('-', 1) != std::string_view::npos) return 0;
  if (parsed.ec != std::errc()) return std::nullopt;
  // Written as JSON and read back, a whole number is an integer: 2^63 and beyond stay real.
  if (std::trunc(number) == number && std::abs(number) < 9.2e18) return static_cast<std::int64_t>(number);
  return number;
}

std::optional<YamlScalar> number(std::string_view text) {
  if (text.empty() || (!is_digit(text[0]) && text[0] != '-' && text[0] != '+' && text[0] != '.')) return std::nullopt;
  if (text[0] == '.') return real(text);
  std::string plain(text);
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  const std::optional<YamlScalar> whole = integer(plain);
  return whole ? whole : real(plain);
}

YamlScalar plain_scalar(std::string_view text) {
  if (std::optional<YamlScalar> found = word(text)) return *found;
  if (std::optional<YamlScalar> found = number(text)) return *found;
  return std::string(text);
}

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

std::optional<YamlScalar> typed_scalar(std::string_view type, std::string_view text) {
  if (type == "binary") {
    std::optional<std::string> bytes = decode_base64(text);
    return bytes ? std::optional<YamlScalar>(std::move(*bytes)) : std::nullopt;
  }
  YamlScalar value = plain_scalar(text);
  const bool whole = std::holds_alternative<std::int64_t>(value);
  if (type == "int") return whole ? std::optional(value) : std::nullopt;
  if (type == "float") return whole || std::holds_alternative<double>(value) ? std::optional(value) : std::nullopt;
  if (type == "bool") return std::holds_alternative<bool>(value) ? std::optional(value) : std::nullopt;
  if (type == "null") return std::holds_alternative<std::monostate>(value) ? std::optional(value) : std::nullopt;
  return std::string(text);
}

}  // namespace

std::optional<YamlScalar> resolve_yaml_scalar(std::string_view tag, std::string_view text) {
  if (tag == "?") return plain_scalar(text);
  if (tag.substr(0, kCoreTag.size()) == kCoreTag) return typed_scalar(tag.substr(kCoreTag.size()), text);
  return std::string(text);
}

std::optional<std::string> yaml_key(const YamlScalar& scalar) {
  if (const std::string* text = std::get_if<std::string>(&scalar)) return *text;
  if (const bool* boolean = std::get_if<bool>(&scalar)) return *boolean ? "true" : "false";
  if (const std::int64_t* whole = std::get_if<std::int64_t>(&scalar)) return std::to_string(*whole);
  if (const double* real_key = std::get_if<double>(&scalar)) {
    std::array<char, 64> digits;
    const std::to_chars_result end =
        std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<float>(*real_key));
    return std::string(digits.data(), end.ptr);
  }
  return std::nullopt;
}

}  // namespace posture
