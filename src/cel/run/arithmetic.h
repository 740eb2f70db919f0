// SPDX-License-Identifier: Apache-2.0
// + - * / % and negation of two values whose types are known only now. Overflow and unlike types are errors.
#pragma once

#include "cel/run/frame.h"

namespace posture::cel {

Datum add(Frame& frame, const Datum& left, const Datum& right);
Datum subtract(Frame& frame, const Datum& left, const Datum& right);
Datum multiply(Frame& frame, const Datum& left, const Datum& right);
Datum divide(Frame& frame, const Datum& left, const Datum& right);
Datum remainder(Frame& frame, const Datum& left, const Datum& right);
Datum negate(const Datum& operand);

/// A point in time moved by nanoseconds, or an error outside the years 1 to 9999.
Datum shift_time(const Datum& timestamp, std::int64_t nanoseconds);

}  // namespace posture::cel
