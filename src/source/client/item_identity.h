// SPDX-License-Identifier: Apache-2.0
// Who an item is, read from its raw text: enough to recognise it in a page that is delivered again.
#pragma once

#include <string>
#include <string_view>

namespace posture {

/// metadata.uid, else "namespace/name", as the raw text of the JSON strings; "" when the item has neither. Looks only
/// at what precedes the answer. `item` may be cut short or malformed.
std::string item_identity(std::string_view item);

/// "namespace/name" or "name" for a message; "" when unknown.
std::string item_name(std::string_view item);

}  // namespace posture
