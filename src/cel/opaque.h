// SPDX-License-Identifier: Apache-2.0
// What the values of Kubernetes' libraries have in common: equality and text.
#pragma once

#include <string>

#include "cel/compare.h"

namespace posture::cel {

bool equal_opaques(const Datum& left, const Datum& right);
std::string opaque_text(const Datum& datum);

}  // namespace posture::cel
