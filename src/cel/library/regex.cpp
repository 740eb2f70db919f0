// SPDX-License-Identifier: Apache-2.0
// matches, find, findAll: with a constant pattern compiled once, otherwise compiled per call.
#include "cel/value/regex.h"

#include <algorithm>
#include <array>
#include <vector>

#include "cel/library/library.h"
#include "cel/run/node.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;
using Search = Datum (*)(Frame&, const Pattern&, Arguments);

Datum matches(Frame&, const Pattern& pattern, Arguments arguments) {
  return Datum::boolean(pattern.matches(text_of(arguments[0])));
}

Datum find(Frame&, const Pattern& pattern, Arguments arguments) {
  std::string_view match;
  return Datum::string(pattern.find(text_of(arguments[0]), 0, match) ? match : std::string_view());
}

// As Go's FindAllString: an empty match right behind the last one does not count.
Datum find_all(Frame& frame, const Pattern& pattern, Arguments arguments) {
  const std::string_view text = text_of(arguments[0]);
  const std::int64_t limit = arguments.size() > 2 ? int_of(arguments[2]) : -1;
  std::vector<Datum> found;
  std::size_t start = 0;
  std::size_t last_end = std::string_view::npos;
  std::string_view match;
  while (start <= text.size() && (limit < 0 || static_cast<std::int64_t>(found.size()) < limit) &&
         pattern.find(text, start, match)) {
    const auto begin = static_cast<std::size_t>(match.data() - text.data());
    if (!match.empty() || begin != last_end) found.push_back(Datum::string(match));
    start = last_end = begin + match.size();
    if (match.empty()) start += start < text.size() ? code_point_bytes(text.substr(start)) : 1;
  }
  Datum* values = frame.memory().array<Datum>(found.size());
  if (values == nullptr) return out_of_memory();
  std::copy(found.begin(), found.end(), values);
  return make_list(values, found.size());
}

template <Search search>
Datum compiled_now(Frame& frame, Arguments arguments) {
  const Pattern pattern(text_of(arguments[1]));
  const std::string error = pattern.error();
  return error.empty() ? search(frame, pattern, arguments) : keep_error(frame.memory(), error);
}

constexpr std::array kRegexOverloads = std::to_array<Overload>({
    {"matches", "(string, string) -> bool", compiled_now<matches>, cost::kMatch},
    {"matches", "string.(string) -> bool", compiled_now<matches>, cost::kMatch},
    {"find", "string.(string) -> string", compiled_now<find>, cost::kFind},
    {"findAll", "string.(string) -> list(string)", compiled_now<find_all>, cost::kFind},
    {"findAll", "string.(string, int) -> list(string)", compiled_now<find_all>, cost::kFind},
});

struct PatternNode final : Instruction {
  PatternNode(Search s, std::string_view text, std::vector<Code> a)
      : search(s),
        pattern(text),
        arguments(std::move(a)) {}

  Datum eval(Frame& frame) const override {
    std::array<Datum, 3> values;
    Datum failure = make_absent();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      values[i] = arguments[i]->eval(frame);
      if (is_error(values[i])) failure = is(failure, Tag::absent) ? values[i] : worse(failure, values[i]);
    }
    const bool made = !is_error(values[0]);  // cel-go leaves before it comes to the pattern
    if (made) frame.charge(cost::match_units(values, failure));
    if (!is(failure, Tag::absent)) return failure;
    if (!is(values[0], Tag::string) || (arguments.size() > 2 && !is(values[2], Tag::integer)))
      return no_such_overload();
    return search(frame, pattern, std::span<const Datum>(values).first(arguments.size()));
  }

  Search search;
  Pattern pattern;
  std::vector<Code> arguments;
};

struct Row {
  std::string_view name;
  Search search;
};
constexpr std::array<Row, 3> kSearches = {{{"matches", matches}, {"find", find}, {"findAll", find_all}}};

}  // namespace

std::span<const Overload> regex_library() { return kRegexOverloads; }

Code make_pattern_call(std::string_view name, std::string_view text, std::vector<Code>& arguments, std::string& error) {
  const auto row = std::find_if(kSearches.begin(), kSearches.end(), [&](const Row& r) { return r.name == name; });
  if (row == kSearches.end()) return nullptr;
  auto node = std::make_unique<PatternNode>(row->search, text, std::move(arguments));
  error = node->pattern.error();
  return node;
}

}  // namespace posture::cel
