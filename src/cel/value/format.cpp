// SPDX-License-Identifier: Apache-2.0
#include "cel/value/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "cel/limits.h"
#include "cel/value/json_text.h"
#include "cel/value/text.h"
#include "cel/value/time_values.h"

namespace posture::cel {
namespace {

constexpr int kMaxPrecision = 100'000;  // Kubernetes has no limit but its memory

struct Rule {
  char letter;
  std::string_view kinds;  // letters of kinds, see kind_letter
  std::string_view error;
};

constexpr std::string_view kHexError = "only integers, byte buffers, and strings can be formatted as hex, was given ";
constexpr std::array<Rule, 8> kRules = {{
    {'s', "nbiudsyLMtDT",
     "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and "
     "timestamps, "
     "was given "},
    {'d', "iu", "decimal clause can only be used on integers, was given "},
    {'f', "ds", "fixed-point clause can only be used on doubles, was given "},
    {'e', "ds", "scientific clause can only be used on doubles, was given "},
    {'b', "iub", "only integers and bools can be formatted as binary, was given "},
    {'x', "iusy", kHexError},
    {'X', "iusy", kHexError},
    {'o', "iu", "octal clause can only be used on integers, was given "},
}};

char kind_letter(TypeKind kind) {
  static constexpr std::string_view kLetters = "?nbiudsyLMtDT";  // in the order of TypeKind
  const auto index = static_cast<std::size_t>(kind);
  return index < kLetters.size() ? kLetters[index] : '?';
}

const Rule* find_rule(char letter) {
  const auto rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& row) { return row.letter == letter; });
  return rule == kRules.end() ? nullptr : &*rule;
}

std::string printf_real(const char* pattern, int precision, double value) {
  std::vector<char> buffer(400 + static_cast<std::size_t>(precision));
  std::snprintf(buffer.data(), buffer.size(), pattern, precision, value);
  return buffer.data();
}

// English grouping: 1,234,567.
void group_thousands(std::string& digits) {
  const std::size_t start = digits.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(digits.find('.'), digits.size());
  for (std::size_t at = end; at > start + 3; at -= 3) digits.insert(at - 3, 1, ',');
}

std::string special(double value) { return std::isnan(value) ? "NaN" : (value > 0 ? "\u221E" : "-\u221E"); }

std::string fixed(double value, int precision) {
  if (!std::isfinite(value)) return special(value);
  std::string text = printf_real("%.*f", precision % 256, value);  // golang.org/x/text keeps a byte of it
  group_thousands(text);
  return text;
}

std::string superscript(std::string_view exponent) {
  static constexpr std::array<std::string_view, 10> kDigits = {"\u2070", "\u00B9", "\u00B2", "\u00B3", "\u2074",
                                                               "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
  std::string text;
  for (const char c : exponent) {
    if (c == '-') text += "\u207B";
    if (c >= '0' && c <= '9') text += kDigits[static_cast<std::size_t>(c - '0')];
  }
  return text;
}

// The precision is taken as a width, as upstream: %.3e has six decimals and is padded to three columns.
std::string scientific(double value, int width) {
  std::string text = special(value);
  if (std::isfinite(value)) {
    const std::string plain = printf_real("%.*e", 6, value);
    const std::size_t mark = plain.find('e');
    text = plain.substr(0, mark) + "\u00D710" + superscript(plain.substr(mark + 1));
  }
  const std::size_t columns = count_code_points(text);
  const auto wanted = static_cast<std::size_t>(width);
  if (columns < wanted) text.insert(0, wanted - columns, ' ');
  return text;
}

std::string in_base(const Datum& value, int base) {
  if (is_bool(value)) return bool_of(value) ? "1" : "0";
  std::array<char, 72> digits;
  char* const end = digits.data() + digits.size();
  const auto result = is(value, Tag::integer) ? std::to_chars(digits.data(), end, int_of(value), base)
                                              : std::to_chars(digits.data(), end, uint_of(value), base);
  return {digits.data(), result.ptr};
}

std::string hexadecimal(const Datum& value, bool upper) {
  std::string text;
  if (is(value, Tag::string) || is(value, Tag::bytes)) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char c : text_of(value)) {
      text += kDigits[static_cast<unsigned char>(c) >> 4];
      text += kDigits[static_cast<unsigned char>(c) & 15];
    }
  } else {
    text = in_base(value, 16);
  }
  if (upper)
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c ^ 0x20) : c; });
  return text;
}

std::string write_nested(const Datum& value, std::string& out);

std::string write_list(const Datum& list, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < list_size(list); ++i) {
    if (i > 0) out += ", ";
    std::string error = write_nested(list_at(list, i), out);
    if (!error.empty()) return error;
  }
  out += ']';
  return {};
}

std::string write_map(const Datum& map, std::string& out) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (std::size_t i = 0; i < map_size(map); ++i) {
    const Entry entry = map_at(map, i);
    std::pair<std::string, std::string> texts;
    const Tag tag = tag_of(entry.key);
    if (tag != Tag::string && tag != Tag::boolean && tag != Tag::integer && tag != Tag::uinteger) {
      return "no formatting function for map key of type " + std::string(type_name(entry.key));
    }
    std::string error = write_nested(entry.key, texts.first);
    if (error.empty()) error = write_nested(entry.value, texts.second);
    if (!error.empty()) return error;
    entries.push_back(std::move(texts));
  }
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  out += '{';
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out.append(i > 0 ? ", " : "").append(entries[i].first).append(":").append(entries[i].second);
  }
  out += '}';
  return {};
}

// Inside a list or map: texts in quotes, doubles with six decimals, times as calls.
std::string write_nested(const Datum& value, std::string& out) {
  if (out.size() > kMaxMemory) return "the text becomes too long";
  switch (tag_of(value)) {
    case Tag::list:
    case Tag::json_list: return write_list(value, out);
    case Tag::map:
    case Tag::json_map: return write_map(value, out);
    case Tag::string: out += go_quoted(text_of(value)); return {};
    case Tag::bytes:
      if (!is_utf8(text_of(value))) return "could not convert argument to string";
      out.append("b").append(go_quoted(text_of(value)));
      return {};
    case Tag::timestamp: out.append("timestamp(\"").append(format_timestamp(value)).append("\")"); return {};
    case Tag::duration: out.append("duration(\"").append(format_duration(int_of(value))).append("\")"); return {};
    case Tag::real:
      out += std::isfinite(real_of(value)) ? printf_real("%.*f", 6, real_of(value)) : go_quoted(display(value));
      return {};
    case Tag::null:
    case Tag::boolean:
    case Tag::integer:
    case Tag::uinteger:
    case Tag::type: out += display(value); return {};
    default: return "no formatting function for " + std::string(type_name(value));
  }
}

std::string write_string(const Datum& value, std::string& out) {
  if (is_list(value)) return write_list(value, out);
  if (is_map(value)) return write_map(value, out);
  if (is(value, Tag::bytes) && !is_utf8(text_of(value))) return "could not convert argument to string";
  out += display(value);
  return {};
}

// A double, or one of the texts that stand for one.
bool as_real(const Datum& value, double& real) {
  if (is(value, Tag::real)) {
    real = real_of(value);
    return true;
  }
  const std::string_view text = text_of(value);
  return (text == "NaN" || text == "Infinity" || text == "-Infinity") && parse_go_real(text, real);
}

}  // namespace

std::string_view clause_error(char letter) { return find_rule(letter)->error; }

bool clause_takes(char letter, TypeKind kind) {
  return kind == TypeKind::dyn || find_rule(letter)->kinds.find(kind_letter(kind)) != std::string_view::npos;
}

bool FormatReader::next(std::string& plain, Clause& clause) {
  while (!rest_.empty()) {
    const std::size_t percent = std::min(rest_.find('%'), rest_.size());
    plain += rest_.substr(0, percent);
    rest_.remove_prefix(percent);
    if (rest_.empty()) return false;
    rest_.remove_prefix(1);
    if (!rest_.starts_with('%')) return read_clause(clause);
    plain += '%';
    rest_.remove_prefix(1);
  }
  return false;
}

bool FormatReader::read_clause(Clause& clause) {
  clause = {};
  if (rest_.starts_with('.')) {
    rest_.remove_prefix(1);
    const std::size_t length = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + length, clause.precision);
    if (length == 0 || error != std::errc() || clause.precision > kMaxPrecision) {
      error_ = "could not parse formatting clause: error while parsing precision";
      return false;
    }
    rest_.remove_prefix(length);
  }
  if (rest_.empty()) {
    error_ = "unexpected end of string";
    return false;
  }
  clause.letter = rest_.front();
  rest_.remove_prefix(1);
  if (find_rule(clause.letter) != nullptr) return true;
  error_ =
      "could not parse formatting clause: unrecognized formatting clause \"" + std::string(1, clause.letter) + "\"";
  return false;
}

std::string apply_clause(const Clause& clause, const Datum& value, std::string& out) {
  double real = 0;
  if (!clause_takes(clause.letter, value.kind()) ||
      ((clause.letter == 'f' || clause.letter == 'e') && !as_real(value, real))) {
    return "error during formatting: " + std::string(clause_error(clause.letter)) + std::string(type_name(value));
  }
  switch (clause.letter) {
    case 's': return write_string(value, out);
    case 'f': out += fixed(real, clause.precision); return {};
    case 'e': out += scientific(real, clause.precision); return {};
    case 'b': out += in_base(value, 2); return {};
    case 'o': out += in_base(value, 8); return {};
    case 'd': out += in_base(value, 10); return {};
    default: out += hexadecimal(value, clause.letter == 'X'); return {};
  }
}

}  // namespace posture::cel
