// SPDX-License-Identifier: Apache-2.0
// kube-posture checks lint FILE…: what is wrong with check files, under carets.
#include "posture/lint.h"

#include <ostream>

#include "base/file.h"
#include "base/text.h"
#include "cli/source_options.h"

namespace posture {

namespace {

constexpr int kGateFell = 2;

struct LintFlags {
  ConnectionFlags connection;
  std::vector<std::string> files;
  std::vector<std::string> documents;
  bool cluster = false;
};

void write_problem(const LintProblem& problem, const World& world) {
  const bool named = problem.place.empty() || problem.message.find(problem.place) != std::string::npos;
  world.out << escape_controls(named ? problem.message : problem.place + ": " + problem.message) << "\n";
  if (problem.column == 0) return;
  world.out << "  " << escape_controls(problem.line) << "\n  " << std::string(problem.column - 1, ' ') << "^\n";
}

int lint(const LintFlags& flags, const World& world) {
  const Catalog known = builtin_catalog();
  const bool asks_cluster = flags.cluster || !flags.connection.context.empty() || !flags.connection.kubeconfig.empty();
  const std::unique_ptr<Source> cluster = asks_cluster ? open_cluster(flags.connection, {}, world) : nullptr;
  if (cluster) cluster->about();
  Schemas schemas(cluster.get());
  for (const std::string& document : flags.documents) schemas.add(read_file(document), document);
  const bool has_schemas = cluster || !flags.documents.empty();
  std::size_t problems = 0;
  for (const std::string& file : flags.files) {
    for (const LintProblem& problem : lint_check_file(file, known, has_schemas ? &schemas : nullptr)) {
      write_problem(problem, world);
      ++problems;
    }
  }
  world.err << plural(flags.files.size(), "file") << ", " << plural(problems, "problem")
            << (has_schemas ? ".\n" : "; fields were not looked up (--cluster, --context or --openapi).\n");
  return problems == 0 ? 0 : kGateFell;
}

}  // namespace

Action declare_lint(CLI::App& app, const World& world) {
  auto flags = std::make_shared<LintFlags>();
  app.add_option("FILE", flags->files, "Check files")->required();
  app.add_flag("--cluster", flags->cluster, "Look every field up in the schemas of the current context's cluster");
  add_connection_flags(app, flags->connection);
  app.add_option("--openapi", flags->documents, "Look fields up in this OpenAPI v3 document of a group (repeatable)")
      ->type_name("FILE")
      ->take_all()
      ->expected(1);
  app.footer("Exit code: 0 nothing is wrong, 1 could not run, 2 there are problems.");
  return [flags, &world] { return lint(*flags, world); };
}

}  // namespace posture
