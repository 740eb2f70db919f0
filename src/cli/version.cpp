// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include "cli/command.h"
#include "posture/catalog.h"

namespace posture {

Action declare_version(CLI::App& /*app*/, const World& world) {
  return [&world] {
    const Catalog catalog = builtin_catalog();
    world.out << "kube-posture " << kVersion << "\n"
              << catalog.checks.size() << " checks, " << catalog.frameworks.size() << " frameworks, digest "
              << catalog.digest << "\n";
    return 0;
  };
}

}  // namespace posture
