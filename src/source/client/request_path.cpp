// SPDX-License-Identifier: Apache-2.0
#include "source/client/request_path.h"

namespace posture {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const unsigned byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

std::string list_path(const ListRequest& request, std::size_t limit, const std::string& continue_token) {
  const Resource& resource = request.resource;
  std::string path = resource.group.empty() ? "/api/" : "/apis/" + percent_encoded(resource.group) + "/";
  path += percent_encoded(resource.version);
  if (!request.ns.empty()) path += "/namespaces/" + percent_encoded(request.ns);
  path += "/" + percent_encoded(resource.name) + "?limit=" + std::to_string(limit);
  if (!continue_token.empty()) path += "&continue=" + percent_encoded(continue_token);
  return path;
}

}  // namespace posture
