// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/proxy.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/ip_address.h"
#include "base/server_address.h"
#include "base/text.h"
#include "kubeconfig/config_files.h"
#include "kubeconfig/credentials.h"
#include "kubeconfig/server_url.h"
#include "posture/error.h"

namespace posture {
namespace {

struct SchemeRow {
  std::string_view written;
  const char* used;
  const char* port;
  bool in_kubeconfig = true;  // client-go takes it in a proxy-url; net/http takes all from the environment
};
// SOCKS5 in Go asks the proxy for names, whatever the scheme says.
constexpr std::array kSchemes = {
    SchemeRow{"http", "http", "80"},
    SchemeRow{"https", "https", "443"},
    SchemeRow{"socks5", "socks5h", "1080"},
    SchemeRow{"socks5h", "socks5h", "1080", false},
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    out += escaped ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escaped) i += 2;
  }
  return out;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return text;
}

/// "host:port" taken apart as Go's net.SplitHostPort does; the whole of it is the host when there is no port.
std::pair<std::string, std::string> split_port(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const bool bracketed = !text.empty() && text[0] == '[';
  const bool bare_v6 = !bracketed && text.find(':') != colon;
  if (colon == std::string::npos || bare_v6 || (bracketed && text[colon - 1] != ']')) return {text, ""};
  const std::string host = text.substr(0, colon);
  return {bracketed ? host.substr(1, host.size() - 2) : host, text.substr(colon + 1)};
}

/// "example.com" stands for itself and what is below it, ".example.com" and "*.example.com" only for the latter.
bool is_domain(std::string_view rule, std::string_view host) {
  if (rule.starts_with("*.")) rule.remove_prefix(1);
  if (rule.starts_with(".")) return host.ends_with(rule);
  return host == rule ||
         (host.size() > rule.size() && host.ends_with(rule) && host[host.size() - rule.size() - 1] == '.');
}

bool is_match(const std::string& rule, const std::string& host, const std::string& port) {
  if (rule == "*") return true;
  if (const std::optional<bool> inside = is_in_network(host, rule)) return *inside;
  const auto [rule_host, rule_port] = split_port(rule);
  if (rule_host.empty() || (!rule_port.empty() && rule_port != port)) return false;
  return is_ip_address(rule_host) ? is_same_address(rule_host, host) : is_domain(rule_host, host);
}

/// The first of both spellings that is set, and its name.
std::pair<std::string, std::string> variable(const ConnectionOptions& options, const std::string& name) {
  std::string value = environment_value(options, name);
  if (!value.empty()) return {name, std::move(value)};
  return {lower(name), environment_value(options, lower(name))};
}

Proxy parse_proxy(const std::string& text, const std::string& source, const std::string& where, bool in_kubeconfig) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorKind::config, source + " " + why + "; write http://, https:// or socks5://, host and port", where);
  };
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string::npos) refuse("names no scheme");
  const std::string scheme = lower(text.substr(0, scheme_end));
  const auto* row = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const SchemeRow& each) {
    return each.written == scheme && (each.in_kubeconfig || !in_kubeconfig);
  });
  if (row == kSchemes.end()) refuse("has the scheme " + printable(scheme, 40) + ", which no proxy here speaks");
  std::string_view authority = std::string_view(text).substr(scheme_end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  Proxy proxy;
  proxy.source = source;
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = authority.substr(0, at);
    const std::size_t colon = std::min(who.find(':'), who.size());
    proxy.user = percent_decoded(who.substr(0, colon));
    proxy.password = percent_decoded(who.substr(std::min(colon + 1, who.size())));
    authority.remove_prefix(at + 1);
  }
  if (!is_authority(authority)) refuse("names no valid host and port");
  const ServerAddress address = parse_server("http://" + std::string(authority));
  const bool has_port = !authority.empty() && address.authority.ends_with(":" + address.port);
  proxy.url = std::string(row->used) + "://" + host_and_port(address.host, has_port ? address.port : row->port);
  return proxy;
}

}  // namespace

Proxy kubeconfig_proxy(const std::string& url, const std::string& where) {
  return parse_proxy(url, "proxy-url", where, true);
}

bool is_excepted(const std::string& no_proxy, const std::string& host, const std::string& port) {
  for (std::size_t from = 0; from <= no_proxy.size();) {
    const std::size_t to = std::min(no_proxy.find(',', from), no_proxy.size());
    const std::string rule = lower(trimmed(no_proxy.substr(from, to - from)));
    if (!rule.empty() && is_match(rule, lower(host), port)) return true;
    from = to + 1;
  }
  return false;
}

std::optional<Proxy> environment_proxy(const ConnectionOptions& options, const std::string& server) {
  const auto [name, value] = variable(options, is_plain_http(server) ? "HTTP_PROXY" : "HTTPS_PROXY");
  if (value.empty()) return std::nullopt;
  const ServerAddress address = parse_server(server);
  if (address.host == "localhost" || is_loopback_address(address.host)) return std::nullopt;
  if (is_excepted(variable(options, "NO_PROXY").second, address.host, address.port)) return std::nullopt;
  return parse_proxy(value.find("://") == std::string::npos ? "http://" + value : value, name, "", false);
}

}  // namespace posture
