// SPDX-License-Identifier: Apache-2.0
// Framework files and the table of controls, from values or text to catalogue entries (check files: read_check, posture/catalog.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/fields.h"
#include "posture/catalog.h"

namespace posture {

/// Throws Error(input) with the place of the mistake.
Framework read_framework(Value map, const std::string& id, const Place& place);
/// Tab-separated: id, title, scope, assessable, severity; the first line names the columns.
std::vector<Control> read_controls(std::string_view text, const std::string& file);
Severity parse_severity(std::string_view text, const std::string& where);

/// Sorts, refuses duplicates and dangling control ids, and computes the digest.
void finish_catalog(Catalog& catalog);

/// The whole catalogue below `folder` as one JSON text, the form that is built into the program.
std::string pack_catalog(const std::string& folder);
/// The reverse, borrowing nothing from `packed`.
Catalog unpack_catalog(std::string_view packed);

}  // namespace posture
