// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace posture {

/// The bundled snapshot of the demo cluster (tests/demo), as recorded by scripts/record-demo.sh.
std::string_view demo_recording();

}  // namespace posture
