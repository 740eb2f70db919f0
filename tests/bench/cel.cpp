// SPDX-License-Identifier: Apache-2.0
// Times expressions over objects: cel_bench EXPRESSIONS OBJECTS, a file of one expression a line and one of one JSON object a line. Prints
// one line of JSON: seconds for parsing and evaluating, and how often an answer was true, false or an error.
#include "posture/cel.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "base/json.h"

namespace {

using namespace posture;
using Clock = std::chrono::steady_clock;

class ObjectHost : public cel::Host {
 public:
  cel::Datum variable(std::size_t /*index*/, cel::Scratch& /*scratch*/) override { return cel::Datum::json(object); }
  cel::Datum call(std::size_t /*function*/, std::span<const cel::Datum> /*arguments*/,
                  cel::Scratch& /*scratch*/) override {
    return cel::Datum::error("no function");
  }
  Value object;
};

std::vector<cel::Program> compile_all(const char* path) {
  const cel::Environment names = {{{"object", {}}}, {}};
  std::vector<cel::Program> programs;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    cel::Compilation compilation = cel::compile(names, line, {cel::TypeKind::boolean, {}});
    if (!compilation.program) {
      std::cerr << "cel_bench: " << cel::describe(compilation.problems.front(), line) << "\n";
      std::exit(1);
    }
    programs.push_back(std::move(*compilation.program));
  }
  return programs;
}

enum Verdict : std::size_t { kTrue, kFalse, kError };

Verdict verdict(const cel::Datum& value) { return value.is_true() ? kTrue : value.is_false() ? kFalse : kError; }

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: cel_bench EXPRESSIONS OBJECTS\n";
    return 2;
  }
  const std::vector<cel::Program> programs = compile_all(arguments[1]);
  std::ifstream objects(arguments[2]);
  JsonParser parser;
  cel::Scratch scratch;
  ObjectHost host;
  std::array<std::size_t, 3> verdicts{};
  std::size_t read = 0;
  Clock::duration parsing{};
  Clock::duration evaluating{};
  for (std::string line; std::getline(objects, line); ++read) {
    line.reserve(line.size() + kJsonPadding);
    const Clock::time_point start = Clock::now();
    const Node* root = parser.parse(line);
    const Clock::time_point parsed = Clock::now();
    if (root == nullptr) {
      std::cerr << "cel_bench: " << parser.error() << "\n";
      return 1;
    }
    host.object = Value(root);
    for (const cel::Program& program : programs) {
      ++verdicts[verdict(program.evaluate(host, scratch))];
      scratch.reset();
    }
    parsing += parsed - start;
    evaluating += Clock::now() - parsed;
  }
  const auto seconds = [](Clock::duration time) { return std::chrono::duration<double>(time).count(); };
  std::printf(R"({"objects":%zu,"expressions":%zu,"true":%zu,"false":%zu,"errors":%zu,"parse":%.6f,"evaluate":%.6f})"
              "\n",
              read, programs.size(), verdicts[kTrue], verdicts[kFalse], verdicts[kError], seconds(parsing),
              seconds(evaluating));
}
