// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/server_url.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/text.h"
#include "posture/error.h"

namespace posture {
namespace {

bool is_plain_character(char c) {
  return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '^';
}

bool is_port(std::string_view text) {
  int port = 0;
  const std::from_chars_result parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && port > 0 && port < 65536;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

}  // namespace

bool is_authority(std::string_view text) {
  const std::size_t bracket = text.find(']');
  const bool v6 = !text.empty() && text[0] == '[';
  if (v6 != (bracket != std::string_view::npos)) return false;
  const std::size_t host_end = v6 ? bracket + 1 : std::min(text.find(':'), text.size());
  const std::string_view rest = text.substr(host_end);
  return host_end > (v6 ? 2 : 0) && (rest.empty() || (rest[0] == ':' && is_port(rest.substr(1))));
}

std::string normal_server_url(const std::string& url, const std::string& where) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorKind::config, "server \"" + printable(url) + "\" " + why, where);
  };
  if (!std::all_of(url.begin(), url.end(), is_plain_character)) refuse("is not a URL");
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string::npos) refuse("has no scheme, which means unencrypted http; write https:// before it");
  const std::string scheme = lower(std::string_view(url).substr(0, scheme_end));
  if (scheme != "https" && scheme != "http") refuse("must begin with https://");
  const std::string_view rest = std::string_view(url).substr(scheme_end + 3);
  const std::string_view kept = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t path_start = std::min(kept.find('/'), kept.size());
  const std::string_view authority = kept.substr(0, path_start);
  if (authority.find('@') != std::string_view::npos) {
    throw Error(ErrorKind::config, "server must not hold a user name; use username and password of the user entry",
                where);
  }
  if (!is_authority(authority)) refuse("names no valid host and port");
  std::string_view path = kept.substr(path_start);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return scheme + "://" + std::string(authority) + std::string(path);
}

bool is_plain_http(const std::string& server) { return server.starts_with("http://"); }

}  // namespace posture
