// SPDX-License-Identifier: Apache-2.0
// has(), the comprehensions and optMap: calls that become nodes of their own.
#pragma once

#include "cel/syntax/parser.h"

namespace posture::cel {

/// Turns `call` into what the macro of its name, form and argument count stands for; otherwise leaves it as it is.
Expr* expand_macro(Parser& parser, Expr* call);

}  // namespace posture::cel
