// SPDX-License-Identifier: Apache-2.0
// kube-posture permissions: the least role for a scan, and what an identity lacks of it.
#include "posture/permissions.h"

#include <algorithm>
#include <ostream>
#include <set>

#include "base/text.h"
#include "cli/source_options.h"
#include "posture/client.h"
#include "posture/error.h"
#include "posture/report.h"

namespace posture {

namespace {

constexpr std::size_t kIndent = 6;

struct PermissionsFlags {
  ConnectionFlags connection;
  ScopeFlags scope;
  CommonFlags common;
  std::vector<std::string> checks;
  std::string account;
  bool check = false;
};

/// The catalogue with only the checks that were named, by id or alias.
void choose(Catalog& catalog, const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::set<std::string> ids;
  for (const std::string& name : names) {
    const std::vector<const Check*> found = catalog.find_all(name);
    if (found.empty()) {
      throw Error(ErrorKind::usage, "no check is called " + name + "; `kube-posture checks` lists them");
    }
    for (const Check* check : found) ids.insert(check->id);
  }
  std::erase_if(catalog.checks, [&](const Check& check) { return !ids.contains(check.id); });
}

std::string require_account(const std::string& text) {
  const std::size_t colon = text.find(':');
  const bool is_pair = colon != std::string::npos && colon > 0 && colon + 1 < text.size() &&
                       text.find(':', colon + 1) == std::string::npos;
  return is_pair ? std::string() : "must be NAMESPACE:NAME";
}

int print_role(const PermissionsFlags& flags, const Catalog& catalog, const World& world) {
  const Scope scope = scope_of(flags.scope);
  const std::size_t colon = flags.account.find(':');
  const bool has_account = colon != std::string::npos;
  const ServiceAccountName account =
      has_account ? ServiceAccountName{flags.account.substr(0, colon), flags.account.substr(colon + 1)}
                  : ServiceAccountName{};
  world.out << "# What " << (flags.checks.empty() ? "a scan" : "the chosen checks")
            << " of kube-posture must be allowed to read, and nothing more.\n"
            << role_yaml(permissions_needed(catalog, usual_discovery(catalog), scope), scope,
                         has_account ? &account : nullptr);
  return 0;
}

/// "4 checks: a, b, c, d", or why it is read at all.
std::string cost_of(const Permission& permission, const Catalog& catalog) {
  if (permission.checks.empty()) return "no check: " + permission.purpose;
  std::string text = plural(permission.checks.size(), "check") + ": ";
  for (const std::uint32_t check : permission.checks) {
    text += (check == permission.checks.front() ? "" : ", ") + catalog.checks[check].id;
  }
  return text;
}

void write_lacks(const std::vector<Permission>& lacks, const Catalog& catalog, const World& world) {
  for (const Permission& each : lacks) {
    world.out << "\n  " << escape_controls(to_string(each.access)) << "\n";
    const std::size_t width = std::max(world.columns, 2 * kIndent) - kIndent;
    for (const std::string& line : wrap(cost_of(each, catalog), width)) {
      world.out << std::string(kIndent, ' ') << line << "\n";
    }
  }
}

std::vector<AccessQuestion> questions_of(const std::vector<Permission>& permissions) {
  std::vector<AccessQuestion> questions;
  questions.reserve(permissions.size());
  for (const Permission& permission : permissions) questions.push_back(permission.access);
  return questions;
}

/// Throws Error(connection) where the server does not answer such questions.
std::vector<Permission> lacking(const std::vector<Permission>& permissions, Client& client) {
  const std::vector<Access> answers = client.may(questions_of(permissions));
  std::vector<Permission> lacks;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i].problem.empty()) {
      throw Error(ErrorKind::connection, "the server does not say whether you may " + to_string(permissions[i].access) +
                                             ": " + answers[i].problem);
    }
    if (!answers[i].allowed) lacks.push_back(permissions[i]);
  }
  return lacks;
}

int check_identity(const PermissionsFlags& flags, const Catalog& catalog, const World& world) {
  const std::unique_ptr<Client> client = open_cluster(flags.connection, client_options(flags.common, world), world);
  const About about = client->about();
  const std::vector<Permission> permissions = permissions_needed(catalog, client->discover(), scope_of(flags.scope));
  const std::vector<Permission> lacks = lacking(permissions, *client);
  const std::string who = about.user.empty() ? "this identity" : escape_controls(about.user);
  if (lacks.empty()) {
    world.out << who << " may read all that a scan reads: " << plural(permissions.size(), "permission") << ".\n";
    return 0;
  }
  std::set<std::uint32_t> cost;
  for (const Permission& each : lacks) cost.insert(each.checks.begin(), each.checks.end());
  world.out << who << " lacks " << lacks.size() << " of " << plural(permissions.size(), "permission")
            << ", which leaves " << cost.size() << " of " << plural(catalog.checks.size(), "check")
            << " not assessed or only in part:\n";
  write_lacks(lacks, catalog, world);
  world.out << "\nThe role that `kube-posture permissions` prints has them all.\n";
  return kIncompleteExit;
}

}  // namespace

Action declare_permissions(CLI::App& app, const World& world) {
  auto flags = std::make_shared<PermissionsFlags>();
  app.add_option("CHECK", flags->checks, "Only what these checks need, by id or alias (all checks)");
  CLI::Option* check = app.add_flag("--check", flags->check,
                                    "Ask the cluster what the current identity lacks, and which checks that costs");
  app.add_option("--service-account", flags->account, "Also print this service account, its namespace and the binding")
      ->type_name("NAMESPACE:NAME")
      ->check(CLI::Validator(require_account, ""))
      ->excludes(check);
  add_connection_flags(app, flags->connection);
  add_scope_flags(app, flags->scope);
  add_checks_flag(app, flags->common);
  app.footer(
      "Without --check no cluster is contacted: kube-posture permissions | kubectl apply -f -\n"
      "Exit code of --check: 0 nothing is missing, 1 could not ask, 3 something is missing.");
  return [flags, &world] {
    Catalog catalog = load_catalog(flags->common);
    choose(catalog, flags->checks);
    return flags->check ? check_identity(*flags, catalog, world) : print_role(*flags, catalog, world);
  };
}

}  // namespace posture
