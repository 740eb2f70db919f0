// SPDX-License-Identifier: Apache-2.0
#include "cel/opaque.h"

namespace posture::cel {

bool equal_opaques(const Datum&, const Datum&) { return false; }
std::string opaque_text(const Datum& datum) { return std::string(type_name(datum)); }

}  // namespace posture::cel
