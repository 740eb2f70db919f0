// SPDX-License-Identifier: Apache-2.0
// Selecting from a value by key: cel-go's qualifiers.
#pragma once

#include "cel/run/frame.h"

namespace posture::cel {

/// The member `key`; absent, or an error, if there is none: with `test` a missing key is absent and so is any key of a scalar.
Datum select(Frame& frame, const Datum& operand, std::string_view key, bool test);
/// The same by any key: string, int, uint, bool or double.
Datum select(Frame& frame, const Datum& operand, const Datum& key, bool test);

/// Can the value be a key at all?
bool can_qualify(const Datum& key);

}  // namespace posture::cel
