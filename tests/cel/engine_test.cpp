// SPDX-License-Identifier: Apache-2.0
// The engine's own contracts: host calls, unknowns, field paths, problems, limits, memory.
#include <catch2/catch.hpp>

#include "cel/library.h"
#include "cel/limits.h"
#include "posture/cel.h"
#include "posture/cel_cost.h"
#include "tagged.h"

namespace posture::cel::test {
namespace {

// Answers from plain JSON by the name of the variable; counts what it was asked.
struct JsonHost : Host {
  JsonHost(const Environment& e, const Json& v) : environment(e) {
    for (const VariableDeclaration& variable : environment.variables) {
      nodes.push_back(v.contains(variable.name) ? to_node(v[variable.name], arena) : Node{});
      missing.push_back(!v.contains(variable.name));
      asked.push_back(0);
    }
  }
  Datum variable(std::size_t index, Scratch&) override {
    ++asked[index];
    return missing[index] ? Datum::unknown("not read") : Datum::json(posture::Value(&nodes[index]));
  }
  Datum call(std::size_t, std::span<const Datum> arguments, Scratch& scratch) override {
    return arguments[0].text() == "anonymous-auth" ? Datum::some(Datum::string("false"), scratch) : Datum::none();
  }
  const Environment& environment;
  Arena arena;
  std::vector<Node> nodes;
  std::vector<bool> missing;
  std::vector<int> asked;
};

const Environment kEnvironment = {
    {{"object", {}},
     {"variables.podSpec", {}},
     {"facts.serviceAccount.automountToken", {TypeKind::boolean, {}}},
     {"gone", {}}},
    {{"apiserver.flag", {{TypeKind::string, {}}}, {TypeKind::optional, {{TypeKind::string, {}}}}}}};

std::string first_problem(const std::string& source, const Type& expected = {}) {
  const Compilation compilation = compile(kEnvironment, source, expected);
  return compilation.program ? "compiles" : compilation.problems.at(0).message;
}

std::string value_of(const std::string& source, const Json& variables = Json::object()) {
  const Compilation compilation = compile(kEnvironment, source, {});
  if (!compilation.program) return std::string("compile: ").append(compilation.problems[0].message);
  JsonHost host(kEnvironment, variables);
  Scratch scratch;
  const Datum result = compilation.program->evaluate(host, scratch);
  if (result.is_unknown()) return std::string("unknown: ").append(result.text());
  return result.is_error() ? std::string("error: ").append(result.text()) : result.to_json(scratch);
}

std::string repeated(std::string_view start, std::string_view part, int times) {
  std::string text(start);
  for (int i = 0; i < times; ++i) text.append(part);
  return text;
}

Program program_of(const std::string& source) { return std::move(*compile(kEnvironment, source, {}).program); }

}  // namespace

TEST_CASE("every row of the function tables has a signature and a body") {
  Arena arena;
  TypePool pool(arena);
  for (const auto table : libraries()) {
    for (const Overload& row : table) {
      INFO(row.name << " " << row.signature);
      CHECK(row.signature.find(") -> ") != std::string_view::npos);
      const Signature signature = parse_signature(row.signature, pool, arena);
      CHECK(signature.result != nullptr);
      const bool node = row.name.find('_') != std::string_view::npos || row.name.starts_with('@') ||
                        row.name.starts_with("or") || row.name == "hasValue";
      CHECK((row.body != nullptr || node));
    }
  }
}

TEST_CASE("qualified names resolve to the longest declared one") {
  const Json input = {{"variables.podSpec", {{"hostNetwork", true}}}, {"facts.serviceAccount.automountToken", false}};
  CHECK(value_of("variables.podSpec.hostNetwork", input) == "true");
  CHECK(value_of("!facts.serviceAccount.automountToken", input) == "true");
  CHECK(value_of("apiserver.flag('anonymous-auth').orValue('true')") == "\"false\"");
  CHECK(value_of("[1].all(variables, variables == 1)") == "true");
  CHECK(first_problem("variables.podSpc.hostNetwork") == "undefined field 'podSpc'");
  CHECK(first_problem("facts.serviceAccount.automount") == "undefined field 'automount'");
  CHECK(first_problem("variables") == "undeclared reference to 'variables' (in container '')");
  CHECK(first_problem("apiserver.flg('x')") == "undeclared reference to 'apiserver' (in container '')");
  CHECK(first_problem("apiserver.flag(1)") == "found no matching overload for 'apiserver.flag' applied to '(int)'");
}

TEST_CASE("a variable is asked for once, and only when needed") {
  const Program program = program_of("object.a == 1 && object.b == 2 || gone.x");
  JsonHost host(kEnvironment, {{"object", {{"a", 1}, {"b", 2}}}});
  Scratch scratch;
  CHECK(program.evaluate(host, scratch).is_true());
  CHECK(host.asked[0] == 1);
  CHECK(host.asked[3] == 0);
}

TEST_CASE("an unknown is absorbed like an error and otherwise survives errors") {
  const Json object = {{"object", {{"n", 1}}}};
  CHECK(value_of("gone.x || true", object) == "true");
  CHECK(value_of("false && gone.x", object) == "false");
  CHECK(value_of("gone.x || object.n == 1", object) == "true");
  CHECK(value_of("gone.x || object.missing", object) == "unknown: not read");
  CHECK(value_of("object.missing || gone.x", object) == "unknown: not read");
  CHECK(value_of("object.missing + gone.x", object) == "unknown: not read");
  CHECK(value_of("[object.missing, gone.x]", object) == "unknown: not read");
  CHECK(value_of("object.missing[gone.x]", object) == "unknown: not read");
  CHECK(value_of("string(gone.x).startsWith(object.missing)", object) == "unknown: not read");
  CHECK(value_of("[1, 2].all(i, i == 1 ? object.missing : gone.x)", object) == "unknown: not read");
  CHECK(value_of("[1, 2].exists(i, i == 2 || gone.x)", object) == "true");
  CHECK(value_of("[1, 2].map(i, i == 1 ? object.missing : gone.x)", object) == "unknown: not read");
  CHECK(value_of("gone.?x.orValue(1)", object) == "unknown: not read");
  CHECK(value_of("gone ? 1 : 2", object) == "unknown: not read");
}

TEST_CASE("the authorizer is unknown where nobody decides") {
  const Environment environment = {{{"authorizer", {TypeKind::authorizer, {}}}, {"ready", {}}}, {}};
  struct : Host {
    Datum variable(std::size_t index, Scratch& scratch) override {
      return index == 0 ? Datum::authorizer(scratch) : Datum::boolean(true);
    }
    Datum call(std::size_t, std::span<const Datum>, Scratch&) override { return Datum::null(); }
  } host;
  Scratch scratch;
  const auto value = [&](std::string_view source) {
    const Compilation compilation = compile(environment, source, {TypeKind::boolean, {}});
    REQUIRE(compilation.program);
    return compilation.program->evaluate(host, scratch);
  };
  const std::string check = "authorizer.group('').resource('pods').check('get').allowed()";
  CHECK(value(check).is_unknown());
  CHECK(value("ready || " + check).is_true());
  CHECK(value("ready && " + check).is_unknown());
  CHECK(value("authorizer.path('').check('get').errored()").text() == "path must not be empty");
  CHECK(first_problem("authorizer.path('/')") == "undeclared reference to 'authorizer' (in container '')");
}

TEST_CASE("messages of evaluation errors are Kubernetes'") {
  const Json object = {{"object", {{"n", 1}, {"l", {1}}, {"s", "x"}}}};
  CHECK(value_of("object.foo", object) == "error: no such key: foo");
  CHECK(value_of("object.l[5]", object) == "error: index out of bounds: 5");
  CHECK(value_of("object.l.x", object) == "error: unsupported index type 'string' in list");
  CHECK(value_of("object.n + object.s", object) == "error: no such overload");
  CHECK(value_of("1 / 0") == "error: division by zero");
  CHECK(value_of("9223372036854775807 + 1") == "error: integer overflow");
  CHECK(value_of("optional.none().value()") == "error: optional.none() dereference");
}

TEST_CASE("field paths, variables, functions and constant arguments are listed") {
  const Program program = program_of(
      "object.?spec.?os.orValue({})['name'] == variables.podSpec[?'a.b/c'].orValue('') && has(object.metadata.labels) "
      "&& "
      "apiserver.flag('x').hasValue() && object.spec.containers.all(c, c.name == object.kind) && "
      "object.?spec.?os.hasValue()");
  CHECK(program.variables() == std::vector<std::size_t>{0, 1});
  CHECK(program.functions() == std::vector<std::size_t>{0});
  CHECK(program.constant_arguments() == std::vector<std::pair<std::size_t, std::string>>{{0, "x"}});
  CHECK(program.field_paths() == std::vector<FieldPath>{{0, {"spec", "os"}},
                                                        {1, {"a.b/c"}},
                                                        {0, {"metadata", "labels"}},
                                                        {0, {"spec", "containers"}},
                                                        {0, {"kind"}}});
}

TEST_CASE("problems name their place") {
  const std::string source = "true &&\n  objct.x";
  const Compilation compilation = compile(kEnvironment, source, {});
  REQUIRE(compilation.problems.size() == 1);
  CHECK(compilation.problems[0].offset == 10);
  CHECK(compilation.problems[0].line == 2);
  CHECK(compilation.problems[0].column == 3);
  CHECK(describe(compilation.problems[0], source) ==
        "undeclared reference to 'objct' (in container '')\n  objct.x\n  ^");
  CHECK(first_problem("object.x", {TypeKind::boolean, {}}) == "must evaluate to bool but found dyn");
  CHECK(first_problem("object.x == 1", {TypeKind::boolean, {}}) == "compiles");
  CHECK(first_problem("1 +") == "Syntax error: unexpected '<EOF>'");
  CHECK(first_problem("Pod{}") == "message literals are not supported");
  CHECK(first_problem("'a'.matches('(')") != "compiles");
  CHECK(first_problem("cel.bind(x, 1, x)") != "compiles");
}

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

TEST_CASE("a variable that is a field to Kubernetes costs a selection more") {
  Environment environment;
  environment.variables = {{"variables.a", {TypeKind::integer, {}}, true}, {"authorizer.b", {TypeKind::integer, {}}}};
  CHECK(estimate_cost(environment, "variables.a") == CostEstimate{2, 2});
  CHECK(estimate_cost(environment, "authorizer.b") == CostEstimate{1, 1});
  CHECK(estimate_cost(environment, "variables.c") == std::nullopt);
  CHECK(estimate_cost(environment, "1 +") == std::nullopt);
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

}  // namespace posture::cel::test
