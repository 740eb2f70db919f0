// SPDX-License-Identifier: Apache-2.0
#include "cli/source_options.h"

#include <algorithm>
#include <thread>

#include "base/text.h"
#include "base/time.h"

namespace posture {

namespace {

constexpr std::size_t kMaxParallel = 64;
constexpr double kMaxRequestsPerSecond = 100'000;
constexpr std::size_t kMaxBurst = 100'000;

std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::string require_rfc3339(const std::string& text) {
  return is_rfc3339(text) ? std::string() : "must be a UTC time such as 2026-01-31T12:00:00Z";
}

}  // namespace

void add_connection_flags(CLI::App& app, ConnectionFlags& flags) {
  app.add_option("--kubeconfig", flags.kubeconfig, "Use this kubeconfig file instead of $KUBECONFIG or ~/.kube/config")
      ->type_name("FILE");
  app.add_option("--context", flags.context, "Use this context instead of the kubeconfig's current one")
      ->type_name("NAME");
  app.add_option("--as", flags.as, "Act as this user, whom you may impersonate")->type_name("USER");
  app.add_option("--as-group", flags.as_groups, "Act as a member of this group (repeatable)")
      ->type_name("GROUP")
      ->take_all()
      ->expected(1);
  app.add_option("--as-uid", flags.as_uid, "Act as the user with this uid")->type_name("UID");
}

ConnectionOptions connection_options(const ConnectionFlags& flags, const World& world) {
  ConnectionOptions options;
  options.kubeconfig = given(flags.kubeconfig);
  options.context = given(flags.context);
  options.impersonate = {flags.as, flags.as_uid, flags.as_groups, {}};
  options.environment = world.environment;
  options.has_terminal = world.in_is_terminal;
  return options;
}

void add_scope_flags(CLI::App& app, ScopeFlags& flags) {
  CLI::Option* some = app.add_option("-n,--namespace", flags.namespaces,
                                     "Only this namespace (repeatable); cluster-scoped checks are then out of scope")
                          ->type_name("NAME")
                          ->take_all()
                          ->expected(1);
  app.add_flag("-A,--all-namespaces", flags.all_namespaces, "The whole cluster (the default)")->excludes(some);
  app.add_flag("--include-secrets", flags.secrets,
               "Also read Secrets for checks that match them: names, labels and annotations, never their contents");
}

Scope scope_of(const ScopeFlags& flags) {
  Scope scope{flags.namespaces, flags.secrets};
  std::sort(scope.namespaces.begin(), scope.namespaces.end());
  scope.namespaces.erase(std::unique(scope.namespaces.begin(), scope.namespaces.end()), scope.namespaces.end());
  return scope;
}

void add_reading_flags(CLI::App& app, ReadingFlags& flags) {
  app.add_option_function<std::string>(
         "--timeout",
         [&flags](const std::string& text) {
           const auto limit = parse_duration(text);
           if (!limit) throw CLI::ValidationError("--timeout", "must be a time such as 90s or 5m");
           flags.timeout = *limit;
         },
         "End the reading after this time (90s, 5m); what was not read by then is not assessed")
      ->type_name("DURATION");
}

void add_checks_flag(CLI::App& app, CommonFlags& flags) {
  app.add_option("--checks", flags.checks,
                 "Add the check files of this folder; a file of a built-in check's name replaces it")
      ->type_name("DIR");
}

void add_common_flags(CLI::App& app, CommonFlags& flags) {
  app.add_option("--now", flags.now, "Take this as the time of the scan instead of the clock")
      ->type_name("TIME")
      ->check(CLI::Validator(require_rfc3339, ""));
  add_checks_flag(app, flags);
  app.add_option("--parallel", flags.parallel, "Requests at a time, and threads that judge and write")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMaxParallel))
      ->capture_default_str();
  app.add_option("--qps", flags.requests_per_second, "Requests per second to the API server, 0 for no limit")
      ->type_name("N")
      ->check(CLI::Range(0.0, kMaxRequestsPerSecond))
      ->capture_default_str();
  app.add_option("--burst", flags.burst, "Requests that may come faster than --qps")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMaxBurst))
      ->capture_default_str();
  app.add_flag("-q,--quiet", flags.quiet, "No notices on standard error");
}

Catalog load_catalog(const CommonFlags& flags) {
  Catalog catalog = builtin_catalog();
  if (!flags.checks.empty()) add_checks(catalog, flags.checks);
  return catalog;
}

std::size_t threads_of(const CommonFlags& flags) {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, flags.parallel);
}

ClientOptions client_options(const CommonFlags& common, const World& world) {
  ClientOptions options;
  options.parallel = common.parallel;
  options.requests_per_second = common.requests_per_second;
  options.burst = common.burst;
  if (!common.quiet) options.notice = [&world](const std::string& text) { world.err << escape_controls(text) << "\n"; };
  return options;
}

std::unique_ptr<Client> open_cluster(const ConnectionFlags& connection, ClientOptions options, const World& world) {
  options.user_agent = std::string("kube-posture/") + kVersion;
  return make_client(load_connection(connection_options(connection, world)), std::move(options));
}

}  // namespace posture
