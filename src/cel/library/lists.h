// SPDX-License-Identifier: Apache-2.0
// Sorting, shared by sort() and the macro sortBy().
#pragma once

#include "cel/run/frame.h"

namespace posture::cel {

/// `list` in the order of `keys`, which has as many elements, all of one comparable type. Equal keys keep their order.
Datum sort_by_keys(Frame& frame, const Datum& list, const Datum& keys);

}  // namespace posture::cel
