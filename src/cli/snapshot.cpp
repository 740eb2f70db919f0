// SPDX-License-Identifier: Apache-2.0
// kube-posture snapshot: record what the whole catalogue reads.
#include "posture/snapshot.h"

#include <ostream>

#include "cli/source_options.h"
#include "posture/inventory.h"

namespace posture {

namespace {

struct SnapshotFlags {
  ConnectionFlags connection;
  ScopeFlags scope;
  CommonFlags common;
  std::string file;
};

int snapshot(const SnapshotFlags& flags, const World& world) {
  const Catalog catalog = load_catalog(flags.common);
  const std::unique_ptr<Source> source = open_cluster(flags.connection, client_options(flags.common, world), world);
  const std::string now = flags.common.now.empty() ? world.now() : flags.common.now;
  const auto redact = [](Node& item, const Resource& resource, Arena& arena) { read_object(item, resource, arena); };
  const std::unique_ptr<Recorder> recorder = make_recorder(*source, flags.file, now, redact);
  read_all(*recorder, catalog, scope_of(flags.scope));
  recorder->finish();
  if (!flags.common.quiet)
    world.err << "Recorded to " << flags.file << ". Scan it with: kube-posture scan --snapshot " << flags.file << "\n";
  return 0;
}

}  // namespace

Action declare_snapshot(CLI::App& app, const World& world) {
  auto flags = std::make_shared<SnapshotFlags>();
  app.add_option("-o,--output", flags->file, "The file to write (mode 0600)")->type_name("FILE")->required();
  add_connection_flags(app, flags->connection);
  add_scope_flags(app, flags->scope);
  add_common_flags(app, flags->common);
  app.footer(
      "Values that may be secret (environment, arguments, annotations, config) are masked before they are written.");
  return [flags, &world] { return snapshot(*flags, world); };
}

}  // namespace posture
