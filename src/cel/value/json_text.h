// SPDX-License-Identifier: Apache-2.0
// Values as text: JSON for reports, and Go's notation for messages.
#pragma once

#include "cel/value/values.h"

namespace posture::cel {

void append_json(const Datum& datum, std::string& out);
/// As Go's %v in error messages: a string without quotes.
std::string display(const Datum& datum);
/// As fmt.Sprintf("%g"), that is strconv's shortest form: 1, 1.5, 1e+06.
std::string format_real(double value);
/// With plain digits: strconv's 'f' with shortest precision.
std::string format_real_plain(double value);
/// As Go's %q.
std::string go_quoted(std::string_view text);
/// As strconv.ParseFloat: decimal, hexadecimal, inf and nan in any case, with a sign; out of range is an error.
bool parse_go_real(std::string_view text, double& value);

}  // namespace posture::cel
