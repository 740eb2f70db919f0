// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <span>

#include "posture/error.h"

using namespace posture;

namespace {

std::string read_without(JsonParser& parser, const std::string& text, std::span<const JsonOmission> omitted) {
  const std::string padded = text + std::string(kJsonPadding, ' ');
  const Node* root = parser.parse(std::string_view(padded).substr(0, text.size()), omitted);
  REQUIRE(root != nullptr);
  std::string out;
  write_json(Value(root), out);
  return out;
}

std::string round_trip(std::string_view text) {
  JsonParser parser;
  const Node* root = parser.parse_copy(text);
  if (root == nullptr) return "error: " + parser.error();
  std::string out;
  write_json(Value(root), out);
  return out;
}

}  // namespace

TEST_CASE("JSON is read and written without loss") {
  const auto text = GENERATE(as<std::string>{}, "{}", "[]", "null", "true", "\"x\"", "-9223372036854775808", "1.5",
                             R"({"a":[1,2,{"b":null}],"c":{"d":"e\"\\\n"}})", R"(["\u0001","é","😀"])");
  CHECK(round_trip(text) == text);
}

TEST_CASE("numbers are int64 where they fit, else doubles") {
  JsonParser parser;
  CHECK(Value(parser.parse_copy("[9223372036854775807]")).at(0).type() == ValueType::integer);
  CHECK(Value(parser.parse_copy("[9223372036854775808]")).at(0).type() == ValueType::real);
  CHECK(Value(parser.parse_copy("[3.0]")).at(0).type() == ValueType::real);
  CHECK(Value(parser.parse_copy("[-0]")).at(0).type() == ValueType::integer);
}

TEST_CASE("of duplicate keys the last wins, in maps small and large") {
  CHECK(round_trip(R"({"a":1,"b":2,"a":3})") == R"({"a":3,"b":2})");
  std::string large = "{";
  for (int i = 0; i < 100; ++i) large += "\"k" + std::to_string(i % 50) + "\":" + std::to_string(i) + ",";
  large += "\"last\":true}";
  JsonParser parser;
  const Value root(parser.parse_copy(large));
  CHECK(root.size() == 51);
  CHECK(root["k0"].integer() == 50);
}

TEST_CASE("of duplicate keys the last wins, however many the map has and whichever come twice") {
  const int distinct = GENERATE(1, 2, 5, 31, 32, 33, 63, 64, 65, 200);
  const int twice = GENERATE_COPY(0, distinct / 2, distinct - 1);
  std::string text = "{";
  for (int i = 0; i < distinct; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  text += "\"k" + std::to_string(twice) + "\":1}";
  JsonParser parser;
  const Value root(parser.parse_copy(text));
  CHECK(root.size() == static_cast<std::size_t>(distinct));
  for (int i = 0; i < distinct; ++i) CHECK(root["k" + std::to_string(i)].integer() == (i == twice ? 1 : 0));
}

TEST_CASE("a parse leaves out certain members of members of the root, wherever they stand, and no other") {
  const std::pair<std::string, std::string> rows[] = {
      {R"({"metadata":{"left":[{}],"name":"a"},"left":1})", R"({"metadata":{"name":"a"},"left":1})"},
      {R"({"spec":{"metadata":{"left":1}},"metadata":{"a":{"left":2},"left":3}})",
       R"({"spec":{"metadata":{"left":1}},"metadata":{"a":{"left":2}}})"},
      {R"({"metadata":{"left":1},"metadata":{"left":2,"b":3}})", R"({"metadata":{"b":3}})"},
      {R"({"metadata":"left"})", R"({"metadata":"left"})"},
      {R"([{"metadata":{"left":1}}])", R"([{"metadata":{"left":1}}])"},
      {R"("metadata")", R"("metadata")"},
      {R"({"status":{"gone":{"a":1},"too":[],"stays":2},"metadata":{"gone":3,"left":4}})",
       R"({"status":{"stays":2},"metadata":{"gone":3}})"},
      {R"({"metadata":{"left":1},"status":{"to\u006f":1,"gone":2}})", R"({"metadata":{},"status":{}})"},
      {R"({"metadata":{"l\u0065ft":1,"b":2}})", R"({"metadata":{"b":2}})"},
      {R"({"metadata" : { "a":"\"left\":[", "left" : [ {"b":"]"} , "\xff" ] , "c":4 } , "d":5})",
       R"({"metadata":{"a":"\"left\":[","c":4},"d":5})"},
  };
  const JsonOmission left[] = {{"metadata", "left"}, {"status", "gone"}, {"status", "too"}};
  JsonParser parser;
  for (const auto& [given, read] : rows) { CHECK(read_without(parser, given, left) == read); }
}

namespace {

using Random = std::mt19937;

constexpr int kDeepest = 4;

/// A JSON text with the names and signs that matter to who cuts it.
std::string random_json(Random& random, int depth) {
  constexpr const char* kSpace[] = {"", "", " ", "\n\t"};
  constexpr const char* kKeys[] = {"metadata", "status", "left", "gone", "a", "\\\"left\\\":[", "l\\u0065ft", ""};
  constexpr const char* kScalars[] = {"null", "-1.5e3", "true", "\"}]{[,:\"", "\"\\\\\"", "\"\\\"left\\\":{\"", "\"\""};
  const auto space = [&] { return kSpace[random() % 4]; };
  const auto kind = depth == 0 ? 2 : depth == kDeepest ? 0 : random() % 4;
  if (kind > 1) return std::string(space()) + kScalars[random() % 7] + space();
  std::string text;
  const std::size_t size = random() % 5;
  for (std::size_t i = 0; i < size; ++i) {
    text += std::string(i == 0 ? "" : ",") + space();
    if (kind == 0) text += "\"" + std::string(kKeys[random() % 8]) + "\"" + space() + ":";
    text += random_json(random, depth - 1);
  }
  return std::string(space()) + (kind == 0 ? "{" : "[") + text + space() + (kind == 0 ? "}" : "]") + space();
}

/// What is left out, dropped from the tree.
void drop(Node& root, std::span<const JsonOmission> omitted) {
  if (root.type != ValueType::map) return;
  for (Member& parent : std::span(root.members, root.size)) {
    if (parent.node.type != ValueType::map) continue;
    Member* end =
        std::remove_if(parent.node.members, parent.node.members + parent.node.size, [&](const Member& member) {
          return std::any_of(omitted.begin(), omitted.end(), [&](const JsonOmission& each) {
            return each.parent == parent.key && each.key == member.key;
          });
        });
    parent.node.size = static_cast<std::uint32_t>(end - parent.node.members);
  }
}

}  // namespace

TEST_CASE("what a parse leaves out is what would be dropped from the whole tree") {
  const JsonOmission left[] = {{"metadata", "left"}, {"status", "gone"}, {"status", "left"}};
  Random random(11);
  JsonParser parser;
  int cut = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = random_json(random, kDeepest);
    INFO(text);
    Node* whole = parser.parse_copy(text);
    REQUIRE(whole != nullptr);
    std::string before;
    write_json(Value(whole), before);
    drop(*whole, left);
    std::string expected;
    write_json(Value(whole), expected);
    cut += before != expected;
    REQUIRE(read_without(parser, text, left) == expected);
  }
  CHECK(cut > 500);
}

TEST_CASE("malformed text is an error with a reason") {
  const auto text = GENERATE(as<std::string>{}, "", "{", "[1,]", "{\"a\":}", "tru", "1 2", "{} {}", "[1]]", "\"\xff\"",
                             "1e999", "[01]", "nul", "{\"a\" 1}");
  JsonParser parser;
  CHECK(parser.parse_copy(text) == nullptr);
  CHECK(!parser.error().empty());
}

TEST_CASE("nesting is bounded") {
  JsonParser parser;
  CHECK(parser.parse_copy(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']')) != nullptr);
  CHECK(parser.parse_copy(std::string(kMaxJsonDepth + 1, '[') + std::string(kMaxJsonDepth + 1, ']')) == nullptr);
  CHECK(parser.parse_copy(std::string(100'000, '[')) == nullptr);
}

TEST_CASE("a value view answers neutrally for what is not there") {
  JsonParser parser;
  const Value root(parser.parse_copy(R"({"a":{"b":[1,"x"]}})"));
  CHECK(root["a"]["b"].at(1).text() == "x");
  CHECK_FALSE(root["a"]["missing"]["deeper"].present());
  CHECK(root["a"]["b"].at(7).integer() == 0);
  CHECK(root["a"].text().empty());
}

TEST_CASE("a document names its source when it does not parse") {
  CHECK_THROWS_WITH(JsonDocument("{", "file.json"), Catch::Contains("file.json is not valid JSON"));
  CHECK(JsonDocument("{\"a\":1}", "x").root()["a"].integer() == 1);
}
