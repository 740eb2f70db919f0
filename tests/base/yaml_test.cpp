// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "base/json.h"
#include "posture/error.h"

using posture::Error;
using posture::parse_yaml;
using posture::Value;
using posture::YamlDocument;

namespace {

std::string as_json(const std::string& text) {
  std::string out;
  for (const YamlDocument& document : parse_yaml(text, "f.yaml")) {
    if (!out.empty()) out += '\n';
    posture::write_json(document.root(), out);
  }
  return out;
}

/// "where: message" of the Error that `text` provokes, "" if none.
std::string failure(const std::string& text) {
  try {
    parse_yaml(text, "f.yaml");
  } catch (const Error& error) {
    CHECK(error.kind() == posture::ErrorKind::input);
    return error.where() + ": " + error.what();
  }
  return "";
}

std::string repeat(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

struct Row {
  std::string yaml;
  std::string json;
};

}  // namespace

// The right column is what `kubectl label --local -o json` printed for the left one (kubectl 1.32).
TEST_CASE("scalars mean what they mean to kubectl") {
  const std::vector<Row> rows = {
      {"[y, n, yes, No, on, OFF, \"yes\", true, TRUE, tRUE]",
       R"([true,false,true,false,true,false,"yes",true,true,"tRUE"])"},
      {"[~, null, Null, '', \"\"]", R"([null,null,null,"",""])"},
      {"[0644, 0o17, 0O17, 08, 0x1F, -0x1f, 0b101, -0b11]", "[420,15,15,8,31,-31,5,-3]"},
      {"[+12, 1_000, 1e3, 1E3, 1.5e+3, 1.0, .5, 5., -.5, +.5]", "[12,1000,1000,1000,1500,1,0.5,5,-0.5,0.5]"},
      {"[1e400, 1e-400, 2001-01-01, 2001-12-14t21:59:43.10-05:00, 1:30]",
       R"(["1e400",0,"2001-01-01","2001-12-14t21:59:43.10-05:00","1:30"])"},
      {"[0.1, !!str 12, !!int \"12\", !!float 3, !!binary aGVsbG8=, !foo 12, ! 12]",
       R"([0.1,"12",12,3,"hello","12","12"])"},
      {"[-0, -0.0, 0x, 1__0, _1, 0_7, 1e+3, 0x1p3, 1.e3, .e3]", R"([0,0,"0x",10,"_1",7,1000,"0x1p3",1000,".e3"])"},
      {"[0b12, 0o8, 1.2.3, +, -, .]", R"(["0b12","0o8","1.2.3","+","-","."])"},
      {"[9223372036854775807, -9223372036854775808]", "[9223372036854775807,-9223372036854775808]"},
      {"[!!bool yes, !!bool \"yes\", !!null \"\", !!str , !!str yes, !!timestamp 2001-01-01]",
       R"([true,true,null,"","yes","2001-01-01"])"},
      {"{yes: a, 1: b, 1.5: c, 0x10: d, no: e, 1e3: f}",
       R"({"true":"a","1":"b","1.5":"c","16":"d","false":"e","1000":"f"})"},
      {"!!set {x}", R"({"x":null})"},
      {"a: |\n  x\n  y\nb: >-\n  k\n  l\n", R"({"a":"x\ny\n","b":"k l"})"},
      {"\"a\\\n  b\\x41\"", R"("abA")"},
  };
  for (const Row& row : rows) CHECK(as_json(row.yaml) == row.json);
  const std::vector<YamlDocument> large = parse_yaml("[12345678901234567890, 1e21]", "f.yaml");
  CHECK(large[0].root().at(0).is(posture::ValueType::real));
  CHECK(large[0].root().at(0).real() == Approx(12345678901234567890.0));
  CHECK(large[0].root().at(1).real() == Approx(1e21));
}

TEST_CASE("merge keys, duplicates and aliases") {
  const std::vector<Row> rows = {
      {"b: &b {p: 1, q: 2}\nm: {<<: *b, p: 9}", R"({"b":{"p":1,"q":2},"m":{"p":9,"q":2}})"},
      {"b: &b {p: 1, q: 2}\nm: {p: 9, <<: *b}", R"({"b":{"p":1,"q":2},"m":{"p":1,"q":2}})"},
      {"{<<: [{a: 1}, {a: 2, b: 3}]}", R"({"a":1,"b":3})"},
      {"{\"<<\": {a: 1}}", R"({"<<":{"a":1}})"},
      {"{a: 1, a: 2, b: 3, a: 4}", R"({"a":4,"b":3})"},
      {"x: &x [1, 2]\nz: [*x, *x]", R"({"x":[1,2],"z":[[1,2],[1,2]]})"},
      {"k: &k name\n*k : v", R"({"k":"name","name":"v"})"},
      {"a: &n null\nb: *n", R"({"a":null,"b":null})"},
  };
  for (const Row& row : rows) CHECK(as_json(row.yaml) == row.json);
}

TEST_CASE("a map of many members stays unique and in order") {
  std::string yaml;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 100; ++i) yaml += "k" + std::to_string(i) + ": " + std::to_string(round) + "\n";
  }
  const std::vector<YamlDocument> documents = parse_yaml(yaml, "f.yaml");
  const Value root = documents.at(0).root();
  REQUIRE(root.size() == 100);
  CHECK(root.members()[99].key == "k99");
  for (const posture::Member& member : root.members()) CHECK(Value(&member.node).integer() == 1);
}

TEST_CASE("JSON is read too") {
  CHECK(as_json("{\n\t\"a\": 1,\n\t\"b\": [\n\t\t\"\\/ \\u00e9 \\ud83d\\ude00 \\\\ud83d\"\n\t]\n}") ==
        R"({"a":1,"b":["/ é 😀 \\ud83d"]})");
  CHECK(as_json("\xEF\xBB\xBF{\"a\":\"x\",\"b\":{}}") == R"({"a":"x","b":{}})");
}

TEST_CASE("documents") {
  CHECK(parse_yaml("", "f.yaml").empty());
  CHECK(parse_yaml("# only a comment\n", "f.yaml").empty());
  CHECK(as_json("a: b\n---\n# c\n---\nx: 1\n...\n---\nz: 2\n") == "{\"a\":\"b\"}\nnull\n{\"x\":1}\n{\"z\":2}");
  CHECK(as_json("%YAML 1.1\n---\na\n...\nb") == "\"a\"\n\"b\"");
  const std::vector<YamlDocument> documents = parse_yaml("a: 1\n---\n---\nb: 1\n", "f.yaml");
  REQUIRE(documents.size() == 3);
  CHECK_FALSE(documents[0].empty());
  CHECK(documents[1].empty());
  CHECK(documents[1].root().is_null());
}

TEST_CASE("every value knows its place") {
  std::vector<YamlDocument> documents = parse_yaml("# c\na: 1\nb:\n  - x\n  - {c: d}\n---\ne: f\n", "f.yaml");
  const Value b = documents[0].root()["b"];
  const std::vector<YamlDocument> moved = std::move(documents);
  const auto at = [](const posture::YamlMark& mark) { return std::pair(mark.line, mark.column); };
  CHECK(at(moved[0].mark(moved[0].root())) == std::pair<std::size_t, std::size_t>(2, 1));
  CHECK(at(moved[0].mark(b.at(0))) == std::pair<std::size_t, std::size_t>(4, 5));
  CHECK(at(moved[0].mark(b.at(1)["c"])) == std::pair<std::size_t, std::size_t>(5, 9));
  CHECK(at(moved[1].mark(moved[1].root()["e"])) == std::pair<std::size_t, std::size_t>(7, 4));
  CHECK(at(moved[1].mark(b)) == std::pair<std::size_t, std::size_t>(1, 1));
}

TEST_CASE("what is refused, and where") {
  const std::vector<Row> rows = {
      {"a: [1, 2", "f.yaml:1:1: bad YAML: end of sequence flow not found"},
      {"a: b\nfoo", "f.yaml:2:1: bad YAML: could not find the ':' after this key"},
      {"a:\n  b: 1\n c: 2", "f.yaml:3:2: bad YAML: end of map not found"},
      {"{a: b}{c: d}", "f.yaml:1:7: bad YAML: text after the end of the document, expected a line with ---"},
      {"a: b\n--- x\n...\n{a: b}x",
       "f.yaml:4:7: bad YAML: text after the end of the document, expected a line with ---"},
      {"{~: 1}", "f.yaml:1:2: bad YAML: a key may not be null"},
      {"{? : x}", "f.yaml:1:4: bad YAML: a key must be text, not a list or map"},
      {"{[1]: 1}", "f.yaml:1:2: bad YAML: a key must be text, not a list or map"},
      {"{<<: 1}", "f.yaml:1:6: bad YAML: << wants a map or a list of maps"},
      {"{<<: [1]}", "f.yaml:1:6: bad YAML: << wants a map or a list of maps"},
      {"a: .inf", "f.yaml:1:4: bad YAML: JSON has no infinity and no NaN"},
      {"a: -.INF", "f.yaml:1:4: bad YAML: JSON has no infinity and no NaN"},
      {"a: .nan", "f.yaml:1:4: bad YAML: JSON has no infinity and no NaN"},
      {"a: !!int x", "f.yaml:1:4: bad YAML: the value does not fit its tag"},
      {"a: !!binary '*'", "f.yaml:1:4: bad YAML: the value does not fit its tag"},
      {"a: &x [*x]", "f.yaml:1:8: bad YAML: an alias inside what it stands for"},
      {"a: *x", "f.yaml:1:4: bad YAML: the referenced anchor is not defined"},
      {"a: b\n  \xff", "f.yaml:2:3: bad YAML: not UTF-8"},
      {"a: \"x\x04y\"", "f.yaml:1:6: bad YAML: a control character"},
      {std::string("a\0b", 3), "f.yaml:1:2: bad YAML: a control character"},
  };
  for (const Row& row : rows) CHECK(failure(row.yaml) == row.json);
}

TEST_CASE("hostile sizes are refused early") {
  const auto start = std::chrono::steady_clock::now();
  const std::string deep = repeat("- ", 10'000);
  CHECK(failure(deep).find("nested too deep") != std::string::npos);
  CHECK(failure("a: &a " + repeat("[", 150) + repeat("]", 150) + "\nb: " + repeat("[", 100) + "*a" + repeat("]", 100))
            .find("nested too deep") != std::string::npos);
  CHECK(failure("a: " + repeat("[", 150) + repeat("]", 150)).empty());
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeat(alias + ", ", 9) + alias + "]\n";
  }
  CHECK(failure(bomb).find("more than 2000000 nodes") != std::string::npos);
  CHECK(failure(repeat("---\n", posture::kMaxYamlDocuments + 1)).find("too many documents") != std::string::npos);
  CHECK(failure(std::string(posture::kMaxYamlBytes + 1, ' ')) == "f.yaml: the file is larger than 64 MiB");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}
