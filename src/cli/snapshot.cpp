// SPDX-License-Identifier: Apache-2.0
// kube-posture snapshot: record what the whole catalogue reads.
#include "posture/snapshot.h"

#include <algorithm>

#include "base/text.h"
#include "cli/interruption.h"
#include "cli/source_options.h"
#include "cli/status_line.h"
#include "posture/error.h"
#include "posture/inventory.h"
#include "posture/report.h"

namespace posture {

namespace {

struct SnapshotFlags {
  ConnectionFlags connection;
  ScopeFlags scope;
  ReadingFlags reading;
  CommonFlags common;
  std::string file;
};

/// What is missing in the recording.
std::vector<Gap> record(Source& source, const SnapshotFlags& flags, const Interruption& interruption,
                        const World& world) {
  const Catalog catalog = load_catalog(flags.common);
  const std::string now = flags.common.now.empty() ? world.now() : flags.common.now;
  const auto redact = [](Node& item, const Resource& resource, Arena& arena) { read_object(item, resource, arena); };
  const std::unique_ptr<Recorder> recorder = make_recorder(source, flags.file, now, redact);
  std::vector<Gap> missing = read_all(*recorder, catalog, scope_of(flags.scope));
  if (interruption.came()) throw Error(ErrorKind::stopped, "interrupted: nothing was recorded");
  recorder->finish();
  return missing;
}

/// The exit code, and what the user reads.
int tell(const std::vector<Gap>& missing, const std::string& file, StatusLine& status) {
  status.note("Recorded to " + file + ". Scan it with: kube-posture scan --snapshot " + file);
  const auto incomplete =
      std::count_if(missing.begin(), missing.end(), [](const Gap& gap) { return is_incomplete(gap.reason); });
  if (incomplete == 0) return 0;
  status.note("Incomplete (exit code 3): " + plural(static_cast<std::size_t>(incomplete), "read") +
              " refused or broken off; a scan of the recording says which.");
  return kIncompleteExit;
}

int snapshot(const SnapshotFlags& flags, const World& world) {
  const Interruption interruption;
  StatusLine status(world, flags.common.quiet);
  ClientOptions options = client_options(flags.common, world);
  options.stop = interruption.or_after(flags.reading.timeout);
  report_to(status, options);
  try {
    const std::unique_ptr<Source> source = open_cluster(flags.connection, std::move(options), world);
    return tell(record(*source, flags, interruption, world), flags.file, status);
  } catch (const Error& error) {
    if (!interruption.came()) throw;
    status.note("kube-posture: " + escape_controls(error.what()) + " (exit code 130)");
    return kInterruptedExit;
  }
}

}  // namespace

Action declare_snapshot(CLI::App& app, const World& world) {
  auto flags = std::make_shared<SnapshotFlags>();
  app.add_option("-o,--output", flags->file, "The file to write (mode 0600)")->type_name("FILE")->required();
  add_connection_flags(app, flags->connection);
  add_scope_flags(app, flags->scope);
  add_reading_flags(app, flags->reading);
  add_common_flags(app, flags->common);
  app.footer(
      "Values that may be secret (environment, arguments, annotations, config) are masked before they are written.\n"
      "Exit code: 0 done, 1 could not run, 3 incomplete (the recording is there), 130 interrupted (nothing is).");
  return [flags, &world] { return snapshot(*flags, world); };
}

}  // namespace posture
