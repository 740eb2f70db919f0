// SPDX-License-Identifier: Apache-2.0
// Since which Kubernetes a new policy may hold an expression: versions.txt, which differ.py also asks Kubernetes' own environments.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "posture/cel_versions.h"

using namespace posture;

namespace {

struct Row {
  unsigned minor = 0;
  std::string expression;
};

std::vector<Row> read_rows() {
  std::vector<Row> rows;
  std::ifstream file(POSTURE_TEST_DATA "/cel/versions.txt");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) rows.push_back({static_cast<unsigned>(std::stoul(line)), line.substr(3)});
  }
  return rows;
}

const cel::Environment kNames = {{{"object", {}}, {"authorizer", {cel::TypeKind::authorizer, {}}}}, {}};

}  // namespace

TEST_CASE("an expression is as new as the newest function in it") {
  const std::vector<Row> rows = read_rows();
  for (const Row& row : rows) {
    INFO(row.expression);
    CHECK(cel::first_minor(kNames, row.expression) == row.minor);
  }
  CHECK(rows.size() > 50);
  CHECK(cel::first_minor(kNames, "[[1]].all(x, x.sort()[0] == 1 && [1].exists(y, isIP('a')))") == 35);
  CHECK(cel::first_minor(kNames, "[1].filter(x, [1].includes(x)).size() == 1") == 38);
  CHECK(cel::first_minor(kNames, "{'a': object.b[lists.range(1)[0]]}.size() == 1") == 35);
  CHECK(cel::first_minor(kNames, "object.") == 0);
  CHECK(cel::first_minor(kNames, "missing == 1") == 0);
}

TEST_CASE("every function that came later stands in versions.txt with its version") {
  const std::vector<Row> rows = read_rows();
  // They come with cel-go itself, so that Kubernetes' environments say nothing of them.
  const std::map<std::string_view, unsigned> unversioned = {
      {"first", 34}, {"last", 34}, {"optional.unwrap", 34}, {"unwrapOpt", 34}};
  for (const cel::FunctionVersion& function : cel::function_versions()) {
    INFO(function.name << " " << function.signature);
    if (const auto known = unversioned.find(function.name); known != unversioned.end()) {
      CHECK(function.minor == known->second);
      continue;
    }
    const auto shows = [&](const Row& row) {
      return row.minor == function.minor && row.expression.find(function.name) != std::string::npos;
    };
    CHECK((function.minor <= cel::kOldestMinor || std::any_of(rows.begin(), rows.end(), shows)));
  }
}
