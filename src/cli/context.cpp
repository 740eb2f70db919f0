// SPDX-License-Identifier: Apache-2.0
// kube-posture context: what a scan would connect to, without connecting.
#include <ostream>

#include "base/text.h"
#include "cli/source_options.h"
#include "posture/error.h"

namespace posture {

Action declare_context(CLI::App& app, const World& world) {
  auto flags = std::make_shared<ConnectionFlags>();
  add_connection_flags(app, *flags);
  app.footer("Prints context, a tab and the server's URL. Nothing is contacted.");
  return [flags, &world] {
    const std::optional<ConnectionTarget> target = connection_target(connection_options(*flags, world));
    if (!target)
      throw Error(ErrorKind::config,
                  "no kubeconfig names a current context, and this is not a pod; give --kubeconfig or --context");
    world.out << escape_controls(target->context) << "\t" << escape_controls(target->server) << "\n";
    return 0;
  };
}

}  // namespace posture
