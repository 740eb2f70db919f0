// SPDX-License-Identifier: Apache-2.0
// kube-posture scan: source, evaluate, score, report, exit code.
#include <array>
#include <chrono>
#include <ostream>

#include "base/text.h"
#include "cli/demo.h"
#include "cli/interruption.h"
#include "cli/source_options.h"
#include "cli/status_line.h"
#include "posture/error.h"
#include "posture/manifests.h"
#include "posture/report.h"
#include "posture/snapshot.h"

namespace posture {

namespace {

struct ScanFlags {
  ConnectionFlags connection;
  ReadingFlags reading;
  ScopeFlags scope;
  CommonFlags common;
  std::vector<std::string> files;
  std::string snapshot;
  bool demo = false;
  std::string format = "text";
  bool include_passed = false;
  bool details = false;
  bool no_details = false;
  std::string color = "auto";
};

/// Where the data comes from, and the time the report bears.
struct Opened {
  std::unique_ptr<StatusLine> status;  ///< of a cluster
  std::unique_ptr<Source> source;
  std::string now;
};

Opened open_recording(std::unique_ptr<SnapshotSource> snapshot) {
  std::string now = snapshot->now();
  return {nullptr, std::move(snapshot), std::move(now)};
}

bool reads_cluster(const ScanFlags& flags) { return !flags.demo && flags.snapshot.empty() && flags.files.empty(); }

/// Not a cluster.
Opened open_source(const ScanFlags& flags, const World& world) {
  if (flags.demo) {
    if (!flags.common.quiet) world.err << "This is a recording of a demo cluster, not your cluster.\n";
    return open_recording(open_snapshot_bytes(demo_recording()));
  }
  if (!flags.snapshot.empty()) return open_recording(open_snapshot(flags.snapshot));
  return {nullptr, read_manifests(flags.files), world.now()};
}

Opened open_live(const ScanFlags& flags, const World& world, const Interruption& interruption) {
  ClientOptions options = client_options(flags.common, world);
  options.stop = interruption.or_after(flags.reading.timeout);
  auto status = std::make_unique<StatusLine>(world, flags.common.quiet);
  report_to(*status, options);
  std::unique_ptr<Source> source = open_cluster(flags.connection, std::move(options), world);
  return {std::move(status), std::move(source), world.now()};
}

bool use_color(const ScanFlags& flags, const World& world) {
  if (flags.color != "auto") return flags.color == "always";
  return world.out_is_terminal && !world.environment("NO_COLOR") &&
         world.environment("TERM").value_or("dumb") != "dumb";
}

bool has_unicode(const World& world) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = world.environment(name).value_or("");
    if (!value.empty()) return value.find("UTF-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return !world.out_is_terminal;
}

/// A cluster's findings would push the first screen out of the terminal; of manifests they are what one wants to see.
bool shows_details(const ScanFlags& flags, const World& world) {
  if (flags.details || flags.no_details) return flags.details;
  return !world.out_is_terminal || !flags.files.empty() || flags.include_passed;
}

void write_report(const Report& report, const ScanFlags& flags, const World& world) {
  ReportOptions options;
  options.columns = world.columns;
  options.color = use_color(flags, world);
  options.unicode = has_unicode(world);
  options.include_passed = flags.include_passed;
  options.details = shows_details(flags, world);
  options.threads = threads_of(flags.common);
  report_format(flags.format)->write(report, options, world.out);
}

struct ExitNotice {
  int code;
  const char* text;
};
constexpr std::array kExitNotices = {
    ExitNotice{kIncompleteExit,
               "Incomplete (exit code 3): part of the cluster could not be read; what rests on it is not assessed."},
    ExitNotice{kInterruptedExit, "Interrupted (exit code 130): the report shows what was known by then."},
};

/// The last lines on standard error: how long it took, and which exit codes apply.
void write_notices(const Report& report, std::chrono::steady_clock::time_point start, const ScanFlags& flags,
                   const World& world) {
  if (flags.common.quiet) return;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  world.err << "Read " << plural(report.assessment.objects_read, "object") << " in " << elapsed.count() << " ms.\n";
  for (const int code : report.exit_codes) {
    for (const ExitNotice& notice : kExitNotices) {
      if (notice.code == code) world.err << notice.text << "\n";
    }
  }
}

int scan_source(const ScanFlags& flags, const Catalog& catalog, const Opened& opened, const World& world) {
  const auto start = std::chrono::steady_clock::now();
  EvaluateOptions options;
  options.scope = scope_of(flags.scope);
  options.scope.secrets |= !reads_cluster(flags);  // what is in files and recordings may be looked at
  options.workers = threads_of(flags.common);
  options.keep_passed = flags.include_passed;
  const Assessment assessment = evaluate(*opened.source, catalog, options);
  if (opened.status) opened.status->erase();
  const std::string now = flags.common.now.empty() ? opened.now : flags.common.now;
  const Report report = make_report(catalog, assessment, now, kVersion);
  write_report(report, flags, world);
  world.out.flush();
  write_notices(report, start, flags, world);
  return report.exit_code;
}

int scan_cluster(const ScanFlags& flags, const Catalog& catalog, const World& world) {
  const Interruption interruption;
  try {
    return scan_source(flags, catalog, open_live(flags, world, interruption), world);
  } catch (const Error& error) {
    if (!interruption.came()) throw;
    world.err << "kube-posture: " << escape_controls(error.what()) << "; interrupted (exit code 130)\n";
    return kInterruptedExit;
  }
}

int scan(const ScanFlags& flags, const World& world) {
  const Catalog catalog = load_catalog(flags.common);
  return reads_cluster(flags) ? scan_cluster(flags, catalog, world)
                              : scan_source(flags, catalog, open_source(flags, world), world);
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const ReportFormat& format : report_formats()) names.emplace_back(format.name);
  return names;
}

}  // namespace

Action declare_scan(CLI::App& app, const World& world) {
  auto flags = std::make_shared<ScanFlags>();
  add_connection_flags(app, flags->connection);
  add_scope_flags(app, flags->scope);
  add_reading_flags(app, flags->reading);
  CLI::Option* files =
      app.add_option("-f,--filename", flags->files, "Check manifests instead: a file, a folder, or - (repeatable)")
          ->type_name("PATH")
          ->take_all()
          ->expected(1);
  CLI::Option* snapshot =
      app.add_option("--snapshot", flags->snapshot, "Check a recording made by `snapshot`")->type_name("FILE");
  CLI::Option* demo = app.add_flag("--demo", flags->demo, "Check the bundled recording of a small company's cluster");
  files->excludes(snapshot)->excludes(demo);
  snapshot->excludes(demo);
  app.add_option("-o,--output", flags->format, "Format of the report on standard output")
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  CLI::Option* details =
      app.add_flag("--details", flags->details, "List every finding with its fix on a terminal, too");
  app.add_flag("--no-details", flags->no_details, "Only the first screen")->excludes(details);
  app.add_flag("--include-passed", flags->include_passed, "List what passed, too");
  app.add_option("--color", flags->color, "Colour: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  add_common_flags(app, flags->common);
  app.footer("Exit code: 0 done, 1 could not run, 3 incomplete (something could not be read), 130 interrupted.");
  return [flags, &world] { return scan(*flags, world); };
}

}  // namespace posture
