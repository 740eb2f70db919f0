// SPDX-License-Identifier: Apache-2.0
// The engine's own contracts: host calls, unknowns, field paths, problems, limits, memory.
#include <catch2/catch.hpp>

#include "cel/library/library.h"
#include "over_json.h"
#include "posture/cel_cost.h"

namespace posture::cel::test {
namespace {

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

TEST_CASE("a variable that is a field to Kubernetes costs a selection more") {
  Environment environment;
  environment.variables = {{"variables.a", {TypeKind::integer, {}}, true}, {"authorizer.b", {TypeKind::integer, {}}}};
  CHECK(estimate_cost(environment, "variables.a") == CostEstimate{2, 2});
  CHECK(estimate_cost(environment, "authorizer.b") == CostEstimate{1, 1});
  CHECK(estimate_cost(environment, "variables.c") == std::nullopt);
  CHECK(estimate_cost(environment, "1 +") == std::nullopt);
}

}  // namespace posture::cel::test
