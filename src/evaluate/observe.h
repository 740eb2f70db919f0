// SPDX-License-Identifier: Apache-2.0
// What a finding saw: the fields its rule reads, with their values.
#pragma once

#include <string>

#include "evaluate/compile.h"
#include "evaluate/host.h"

namespace posture {

/// A JSON object: each field that `expect` selects on the object, the pod or the element, with its value (long ones as their size) or
/// null where absent. Empty when the rule selects none. For the API server: its flags.
std::string observe(const CompiledCheck& check, CheckHost& host, const ApiServer* api_server);

}  // namespace posture
