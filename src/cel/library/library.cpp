// SPDX-License-Identifier: Apache-2.0
#include "cel/library/library.h"

#include <array>

namespace posture::cel {

std::span<const std::span<const Overload>> libraries() {
  static const std::array kAll = {operator_table(),   standard_library(), conversion_library(),   time_library(),
                                  optional_library(), string_library(),   format_library(),       list_library(),
                                  set_library(),      regex_library(),    quantity_library(),     network_library(),
                                  url_library(),      semver_library(),   named_format_library(), authorizer_library()};
  return kAll;
}

}  // namespace posture::cel
