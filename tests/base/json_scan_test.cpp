// SPDX-License-Identifier: Apache-2.0
#include "base/json_scan.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/json_end.h"

using namespace posture;

namespace {

/// Where the first bracket closes, byte by byte: the oracle.
std::size_t naive_end(std::string_view text) {
  std::size_t depth = 1;
  bool in_string = false;
  bool escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool now = escaped;
    escaped = text[i] == '\\' && !now;
    if (text[i] == '"' && !now) in_string = !in_string;
    if (in_string) continue;
    if (text[i] == '{' || text[i] == '[') ++depth;
    if ((text[i] == '}' || text[i] == ']') && --depth == 0) return i + 1;
  }
  return JsonEndFinder::kNotYet;
}

}  // namespace

TEST_CASE("the fast scanner agrees with the slow one on random text") {
  std::mt19937 random(7);
  constexpr std::string_view kAlphabet = "\"\"\\\\\\{{[}]ab,: \x7f\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    const std::size_t size = random() % 400;
    for (std::size_t i = 0; i < size; ++i) text += kAlphabet[random() % kAlphabet.size()];
    const std::size_t split = size == 0 ? 0 : random() % size;
    JsonEndFinder finder(JsonEndFinder::can_be_wide() && round % 2 == 0);
    std::size_t found = finder.find(std::string_view(text).substr(0, split));
    if (found == JsonEndFinder::kNotYet) {
      found = finder.find(std::string_view(text).substr(split));
      if (found != JsonEndFinder::kNotYet) found += split;
    }
    REQUIRE(found == naive_end(text));
  }
}

TEST_CASE("a member's value is found in text that nobody has parsed") {
  struct Row {
    std::string object;
    std::string value;
  };
  const std::vector<Row> rows = {
      {R"({"a":{"b":1},"key":[{"c":"]"}],"d":2})", R"([{"c":"]"}])"},
      {R"({ "x" : "key" , "key" : "a\"b" })", R"("a\"b")"},
      {R"({"a\"key":1,"key":-2.5e3})", "-2.5e3"},
      {R"({"a":"\\","key":true})", "true"},
      {R"({"a":{"key":1}})", ""},
      {R"({"key":1,"key":2})", "1"},
      {R"({"k\u0065y":1})", ""},
      {R"({"a":"cut short)", ""},
      {R"({"a":"cut short\")", ""},
      {R"({"key":{"cut":"short")", R"({"cut":"short")"},
      {R"({"key":"cut short\")", R"("cut short\")"},
      {R"({"key")", ""},
      {R"([{"key":1}])", ""},
      {"", ""},
  };
  for (const auto& [object, value] : rows) {
    INFO(object);
    const std::string_view from_value = json_member(object, "key");
    CHECK(from_value.substr(0, json_value_size(from_value)) == value);
  }
  CHECK(json_text(R"("a\"b",1)") == R"(a\"b)");
  CHECK(json_text(R"("")").empty());
  CHECK(json_text(R"("cut)").empty());
  CHECK(json_text(R"("cut\")").empty());
  CHECK(json_text("1").empty());
}

TEST_CASE("what was gone through inside a value is not looked at again") {
  const std::string text = R"({"a":{"b":{"c":"}"},"d":[1]} ,"e":2})";
  JsonMembers members(text);
  REQUIRE(members.next());
  JsonMembers inner(members.from_value());
  std::string keys;
  while (inner.next()) keys += inner.key();
  CHECK(keys == "bd");
  members.skip_value(inner);
  CHECK(members.value() == R"({"b":{"c":"}"},"d":[1]})");
  REQUIRE(members.next());
  CHECK(members.key() == "e");
  CHECK(members.value() == "2");
  CHECK_FALSE(members.next());
}
