// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "posture/kubeconfig.h"

namespace posture {

/// The file's, with what the command line says in its place. Throws Error(config), with `where` the file's entry, when
/// groups, uid or extra have no user, or when something cannot stand in an HTTP header.
Impersonation impersonation(const Impersonation& file, const Impersonation& flags, const std::string& where);

}  // namespace posture
