// SPDX-License-Identifier: Apache-2.0
// Input that is made to hurt: every text and every object ends in an answer, within the bounds of cel/limits.h.
#include <catch2/catch.hpp>

#include "cel/limits.h"
#include "over_json.h"
#include "posture/cel_cost.h"

namespace posture::cel::test {
namespace {

/// `leaf` inside `depth` maps, under "a".
Json nested(int depth, Json leaf = true) {
  for (int i = 0; i < depth; ++i) leaf = Json{{"a", std::move(leaf)}};
  return leaf;
}

/// What `source` gives over `object`, which may cost no more than an evaluation may.
std::string bounded(const std::string& source, const Json& object = Json::object()) {
  const Compilation compilation = compile(kEnvironment, source, {});
  if (!compilation.program) return "compile: " + compilation.problems[0].message;
  JsonHost host(kEnvironment, {{"object", object}});
  Scratch scratch;
  Course course;
  const Datum result = compilation.program->evaluate(host, scratch, course);
  CHECK((course.cost <= kMaxCost || result.is_error()));
  const std::string json = result.to_json(scratch);
  CHECK(json.size() <= 2 * kMaxMemory);
  return result.is_error() ? "error: " + std::string(result.text()) : json;
}

const std::string kCancelled = "error: operation cancelled";

}  // namespace

TEST_CASE("hostile sources end in a problem") {
  const std::size_t deep = 5000;
  CHECK(first_problem(repeated(std::string(deep, '('), ")", 1)) == "expression recursion limit exceeded: 250");
  CHECK(first_problem(std::string(deep, '[')) == "expression recursion limit exceeded: 250");
  CHECK(first_problem(std::string(deep, '!') + "true") == "compiles");
  CHECK(first_problem(repeated("object", ".a", 5000)) == "max recursion depth exceeded");
  CHECK(first_problem(repeated("1", "+1", 5000)) == "max recursion depth exceeded");
  CHECK(first_problem(repeated("true", "&&true", 5000)) == "compiles");
  CHECK(first_problem(std::string(kMaxSourceCodePoints + 1, ' '))
            .starts_with("expression code point size exceeds limit"));
  CHECK(first_problem("'\xff'") == "expression is not valid UTF-8");
  CHECK(first_problem(std::string("1\0", 2)) != "compiles");
}

TEST_CASE("hostile evaluations end in an error") {
  CHECK(value_of("lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, true)))") ==
        "error: operation cancelled: actual cost limit exceeded");
  CHECK(value_of(repeated("'0123456789'", ".replace('', '0123456789')", 9)).starts_with("error: operation cancelled"));
  CHECK(value_of("lists.range(1000000).map(x, lists.range(1000000)).size()").starts_with("error: operation cancelled"));
  const std::string shared = repeated("[[]]", ".map(x, dyn([x, x]))", 60);  // 2^60 parts in a few kilobytes
  const std::string cancelled = "error: operation cancelled";
  CHECK(value_of(shared + " == " + shared).starts_with(cancelled));
  CHECK(value_of(shared + " in [" + shared + "]").starts_with(cancelled));
  CHECK(value_of(shared + ".flatten(100)").starts_with(cancelled));
  CHECK(value_of(shared + ".indexOf(" + shared + ")").starts_with(cancelled));
  CHECK(value_of("'%s'.format([" + shared + "])").starts_with("error"));
  CHECK(value_of(shared).size() < 2 * kMaxMemory);
  CHECK(first_problem(repeated("[1]", ".map(x, {x: x})", 60)) == "the types of the expression are too large");
  CHECK(value_of("lists.range(100000).distinct().size()").starts_with("error: operation cancelled"));
  CHECK(value_of("object.s.matches('(x+x+)+y')", {{"object", {{"s", std::string(100000, 'x')}}}}) == "false");
  CHECK(value_of(repeated("'", "x", 20000).append("'.matches('(x+x+)+y')")) == "false");
  CHECK(value_of(repeated("'a'.matches('", "(", 1000).append("')")).starts_with("compile"));
}

TEST_CASE("an estimate takes no longer than the text is long") {
  std::string source = "true";
  for (int i = 0; i < 100; ++i) source = "(" + source + (i % 2 == 0 ? " || " : " && ") + "object.a)";
  CHECK(estimate_cost(kEnvironment, source).has_value());
}

TEST_CASE("a megabyte of text is refused, whatever it is") {
  for (const char* part : {"1+", "(", "[", "{1:", "object.", "'", "a.b(", "!", "-", "&&true", "\n", "//"}) {
    INFO(part);
    CHECK(first_problem(repeated("true", part, (1 << 20) / 2)) != "compiles");
  }
}

TEST_CASE("deep objects are walked to their end") {
  const int depth = 500;
  const Json object = {{"left", nested(depth)}, {"right", nested(depth)}, {"other", nested(depth, 1)}};
  CHECK(bounded("object.left == object.right", object) == "true");
  CHECK(bounded("object.left == object.other", object) == "false");
  CHECK(bounded("object.left in [object.other, object.right]", object) == "true");
  CHECK(bounded("[object.left, object.right, object.other].distinct().size()", object) == "2");
  CHECK(bounded("'%s'.format([object.left])", object).size() > depth);
  CHECK(bounded("object.left", object) == nested(depth).dump());
  CHECK(bounded(repeated("object.left", ".a", 200) + " == " + repeated("object.right", ".a", 200), object) == "true");
}

TEST_CASE("wide objects cost what they are") {
  Json::object_t wide;  // whose operator[] would look for every key
  Json list = Json::array();
  for (int i = 0; i < 20'000; ++i) {
    wide.emplace_back("k" + std::to_string(i), i);
    list.push_back(std::to_string(i % 5'000));
  }
  const Json object = {{"map", wide}, {"list", list}, {"text", std::string(3'000'000, 'x')}};
  CHECK(bounded("object.map.all(k, object.map[k] >= 0)", object) == "true");
  const Json::object_t shuffled(wide.rbegin(), wide.rend());
  const Json two = {{"map", wide}, {"shuffled", shuffled}};
  CHECK(bounded("object.map.all(k, k in object.shuffled && object.shuffled[k] == object.map[k])", two) == "true");
  CHECK(bounded("object.map.exists(k, k + 'x' in object.shuffled)", two) == "false");
  CHECK(bounded("object.map == object.shuffled", two).starts_with(kCancelled));  // 200 million keys passed over
  CHECK(bounded("object.map == object.map && object.list == object.list", object) == "true");
  CHECK(bounded("object.list.distinct().size()", object).starts_with(kCancelled));
  CHECK(bounded("object.list.all(a, object.list.exists(b, a == b))", object).starts_with(kCancelled));
  CHECK(bounded("sets.equivalent(object.list, object.list)", object).starts_with(kCancelled));
  CHECK(bounded("object.list.map(x, object.text + x).size()", object).starts_with(kCancelled));
  CHECK(bounded("object.text.replace('x', 'xxxxxxxxxx').size()", object).starts_with(kCancelled));
  CHECK(bounded("object.text.split('').size()", object).starts_with(kCancelled));
  CHECK(bounded("object.list.join(object.text).size()", object).starts_with(kCancelled));
  CHECK(bounded("object.text.findAll('x').size()", object).starts_with(kCancelled));
  CHECK(bounded("object.text.upperAscii() == object.text", object) == "false");
  CHECK(bounded("object.list.sort().size()", object) == "20000");
}

TEST_CASE("numbers and formats without end") {
  const std::string digits(50'000, '9');
  const std::string sources[] = {
      "quantity('1e999999999')",
      "quantity('" + digits + "')",
      "quantity('" + digits + "').add(quantity('1'))",
      "quantity('0." + digits + "')",
      "quantity('1e999999999').isGreaterThan(quantity('1'))",
      "quantity('1').sub(quantity('1e-999999999'))",
      "int('" + digits + "')",
      "double('1e999999999')",
      "duration('" + digits + "h')",
      "timestamp('" + digits + "-01-01T00:00:00Z')",
      "semver('" + digits + ".0.0')",
      "semver('1.0.0-" + repeated("a", ".1", 20'000) + "')",
      "ip('" + repeated("1", ":1", 20'000) + "')",
      "cidr('10.0.0.0/" + digits + "')",
      "url('https://" + repeated("a", ".a", 20'000) + "')",
      "'%.999999999f'.format([1.0])",
      "'%999999999d'.format([1])",
      "lists.range(9223372036854775807)",
      "lists.range(-9223372036854775808)",
      "[1].slice(-1, 9223372036854775807)",
      "'a'.substring(9223372036854775807)",
      "'a'.matches('a{1000}{1000}{1000}')",
      "'a'.find('" + repeated("a", "?", 200) + "')",
      "'a'.findAll('', 9223372036854775807)",
      "timestamp('2026-01-01T00:00:00Z').getHours('" + repeated("a", "/../..", 1'000) + "')",
      "timestamp('2026-01-01T00:00:00Z').getHours('+99999999999999999:00')",
      "[[[[[[1]]]]]].flatten(9223372036854775807)",
      "format.named('" + digits + "').hasValue()",
  };
  for (const std::string& source : sources) {
    INFO(source.substr(0, 60));
    CHECK(bounded(source).size() < 3 * digits.size());
  }
}

}  // namespace posture::cel::test
