// SPDX-License-Identifier: Apache-2.0
// URLs, read and written as Go's net/url.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cel/value/values.h"

namespace posture::cel {

/// All texts live in the Memory given to parse_url.
struct Url : Opaque {
  std::string_view scheme, opaque, user, host, path, query, fragment;  ///< path escaped, host unescaped, user escaped
  bool has_user = false;
  bool force_query = false;
  bool omit_host = false;
};

/// Why `text` is no absolute URI or path, empty if `out` is set.
std::string parse_url(std::string_view text, Memory& memory, Url& out);
/// Why `text` is no URI of a request, in Go's words; empty if it is one.
std::string request_uri_error(std::string_view text);
std::string to_string(const Url& url);
std::string_view hostname(const Url& url);
std::string_view port(const Url& url);
/// Unescaped keys and values in their order; malformed ones are left out.
std::vector<std::pair<std::string, std::string>> query_parameters(const Url& url);

}  // namespace posture::cel
