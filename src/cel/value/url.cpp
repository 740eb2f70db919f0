// SPDX-License-Identifier: Apache-2.0
#include "cel/value/url.h"

#include <algorithm>

#include "cel/value/ip.h"
#include "cel/value/text.h"

namespace posture::cel {
namespace {

constexpr std::string_view kUnreserved = "-_.~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

/// Which characters besides letters and digits stand for themselves, by part of the URL.
struct Part {
  std::string_view plain;
  bool host = false;
  bool plus_is_space = false;
};
constexpr Part kPath = {"$&+,/:;=@"};
constexpr Part kUser = {"$&+,;="};
constexpr Part kHost = {"!$&'()*+,;=:[]<>\"", true};
constexpr Part kQueryPart = {"", false, true};

bool has(std::string_view set, char c) { return set.find(c) != kNone; }
bool plain(const Part& part, char c) { return has(kUnreserved, c) || has(part.plain, c); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string quoted(std::string_view prefix, std::string_view text, std::string_view suffix) {
  return std::string(prefix).append("\"").append(text).append("\"").append(suffix);
}

// Appends the text behind the escapes; returns what is wrong with them, or empty.
std::string unescape(std::string_view text, const Part& part, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const bool hex = i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
      const bool plain_in_host = hex && part.host && hex_value(text[i + 1]) < 8 && text.substr(i, 3) != "%25";
      if (!hex || plain_in_host) return quoted("invalid URL escape ", text.substr(i, 3), "");
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else if (part.host && static_cast<unsigned char>(c) < 0x80 && !plain(part, c)) {
      return quoted("invalid character ", text.substr(i, 1), " in host name");
    } else {
      out += c == '+' && part.plus_is_space ? ' ' : c;
    }
  }
  return {};
}

std::string escape(std::string_view text, const Part& part) {
  std::string out;
  for (const char c : text) {
    if (plain(part, c)) {
      out += c;
      continue;
    }
    const auto code = static_cast<unsigned char>(c);
    out += '%';
    out += kHexDigits[code >> 4];
    out += kHexDigits[code & 15];
  }
  return out;
}

bool valid_optional_port(std::string_view text) {
  return text.empty() || (text[0] == ':' && text.find_first_not_of("0123456789", 1) == kNone);
}

std::string bad_port(std::string_view text) { return quoted("invalid port ", text, " after host"); }

/// Parses one URL into strings, step by step as upstream.
class UrlParser {
 public:
  std::string scheme, opaque, user, host, path, query;
  bool has_user = false, force_query = false, omit_host = false;

  std::string parse(std::string_view text, bool via_request) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (std::any_of(text.begin(), text.end(), control)) return "net/url: invalid control character in URL";
    if (text.empty() && via_request) return "empty url";
    if (text == "*") {
      path.assign(1, '*');
      return {};
    }
    std::string_view rest = text;
    if (!take_scheme(rest)) return "missing protocol scheme";
    if (rest.ends_with('?') && std::count(rest.begin(), rest.end(), '?') == 1) {
      force_query = true;
      rest.remove_suffix(1);
    } else if (const std::size_t mark = rest.find('?'); mark != kNone) {
      query = rest.substr(mark + 1);
      rest = rest.substr(0, mark);
    }
    return parse_hierarchy(rest, via_request);
  }

 private:
  bool take_scheme(std::string_view& rest) {
    for (std::size_t i = 0; i < rest.size(); ++i) {
      const char c = rest[i];
      if (c == ':') {
        if (i == 0) return false;
        scheme = rest.substr(0, i);
        std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                       [](char l) { return l >= 'A' && l <= 'Z' ? static_cast<char>(l | 0x20) : l; });
        rest.remove_prefix(i + 1);
        return true;
      }
      const bool letter = static_cast<char>(c | 0x20) >= 'a' && static_cast<char>(c | 0x20) <= 'z';
      if (!letter && (i == 0 || !has("0123456789+-.", c))) return true;
    }
    return true;
  }

  std::string parse_hierarchy(std::string_view rest, bool via_request) {
    if (!rest.starts_with('/')) {
      if (!scheme.empty()) {
        opaque = rest;
        return {};
      }
      if (via_request) return "invalid URI for request";
      if (has(rest.substr(0, rest.find('/')), ':')) return "first path segment in URL cannot contain colon";
    }
    const bool authority_possible = !scheme.empty() || (!via_request && !rest.starts_with("///"));
    if (authority_possible && rest.starts_with("//")) {
      rest.remove_prefix(2);
      const std::size_t slash = std::min(rest.find('/'), rest.size());
      const std::string error = parse_authority(rest.substr(0, slash));
      if (!error.empty()) return error;
      rest.remove_prefix(slash);
    } else if (!scheme.empty() && rest.starts_with('/')) {
      omit_host = true;
    }
    return set_path(rest);
  }

  std::string set_path(std::string_view text) {
    std::string plain_path;
    std::string error = unescape(text, kPath, plain_path);
    if (!error.empty()) return error;
    const auto valid = [](char c) { return plain(kPath, c) || has("!$&'()*+,;=:@[]%", c); };
    path = std::all_of(text.begin(), text.end(), valid) ? std::string(text) : escape(plain_path, kPath);
    return {};
  }

  std::string parse_authority(std::string_view authority) {
    const std::size_t at = authority.rfind('@');
    std::string error = parse_host(at == kNone ? authority : authority.substr(at + 1));
    if (!error.empty() || at == kNone) return error;
    const std::string_view info = authority.substr(0, at);
    const auto allowed = [](char c) { return has(kUnreserved, c) || has(":!$&'()*+,;=%@", c); };
    if (!std::all_of(info.begin(), info.end(), allowed)) return "net/url: invalid userinfo";
    const std::size_t colon = info.find(':');
    std::string name;
    std::string password;
    std::string escape_error = unescape(info.substr(0, colon), kUser, name);
    if (escape_error.empty() && colon != kNone) escape_error = unescape(info.substr(colon + 1), kUser, password);
    if (!escape_error.empty()) return escape_error;
    has_user = true;
    user = escape(name, kUser);
    if (colon != kNone) user.append(":").append(escape(password, kUser));
    return {};
  }

  std::string parse_host(std::string_view text) {
    const std::size_t open = text.rfind('[');
    if (open != kNone && open > 0) return "invalid IP-literal";
    if (open == 0) return parse_literal(text);
    const std::size_t first = text.find(':');
    if (first != kNone) {
      const bool strict = scheme == "http" || scheme == "https";
      const std::string_view port_text = text.substr(strict ? first : text.rfind(':'));
      if (!valid_optional_port(port_text)) return bad_port(port_text);
    }
    return unescape(text, kHost, host);
  }

  std::string parse_literal(std::string_view text) {
    const std::size_t close = text.rfind(']');
    if (close == kNone) return "missing ']' in host";
    const std::string_view port_text = text.substr(close + 1);
    if (!valid_optional_port(port_text)) return bad_port(port_text);
    const std::string_view name = text.substr(1, close - 1);
    const std::size_t zone = std::min(name.find("%25"), name.size());
    std::string address;
    std::string zone_text;
    std::string error = unescape(name.substr(0, zone), kHost, address);
    if (error.empty()) error = unescape(name.substr(zone), kPath, zone_text);
    if (!error.empty()) return error;
    Ip ip{};
    if (!parse_address(address, ip) || ip.size == 4 || zone_text == "%") return "invalid host";
    host.append("[").append(address).append(zone_text).append("]").append(port_text);
    return {};
  }
};

std::string_view kept(Memory& memory, const std::string& text) { return memory.arena.keep(text); }

}  // namespace

std::string request_uri_error(std::string_view text) { return UrlParser().parse(text, true); }

std::string parse_url(std::string_view text, Memory& memory, Url& out) {
  std::string error = UrlParser().parse(text, true);
  UrlParser parser;
  const std::size_t hash = text.find('#');
  if (error.empty()) error = parser.parse(text.substr(0, hash), false);
  std::string fragment;
  if (hash != kNone && error.empty()) error = unescape(text.substr(hash + 1), kPath, fragment);
  if (!error.empty()) return error;
  out.kind = TypeKind::url;
  out.scheme = kept(memory, parser.scheme);
  out.opaque = kept(memory, parser.opaque);
  out.user = kept(memory, parser.user);
  out.host = kept(memory, parser.host);
  out.path = kept(memory, parser.path);
  out.query = kept(memory, parser.query);
  out.fragment = hash == kNone ? std::string_view() : kept(memory, std::string(text.substr(hash + 1)));
  out.has_user = parser.has_user;
  out.force_query = parser.force_query;
  out.omit_host = parser.omit_host;
  return {};
}

std::string to_string(const Url& url) {
  std::string text;
  if (!url.scheme.empty()) text.append(url.scheme).append(":");
  if (!url.opaque.empty()) {
    text += url.opaque;
  } else {
    const bool authority = !url.scheme.empty() || !url.host.empty() || url.has_user;
    if (authority && !(url.omit_host && url.host.empty() && !url.has_user)) {
      if (!url.host.empty() || !url.path.empty() || url.has_user) text += "//";
      if (url.has_user) text.append(url.user).append("@");
      text += escape(url.host, kHost);
    }
    if (!url.path.empty() && url.path[0] != '/' && !url.host.empty()) text += '/';
    if (text.empty() && has(url.path.substr(0, url.path.find('/')), ':')) text += "./";
    text += url.path;
  }
  if (url.force_query || !url.query.empty()) text.append("?").append(url.query);
  if (!url.fragment.empty()) text.append("#").append(url.fragment);
  return text;
}

std::string_view hostname(const Url& url) {
  std::string_view name = url.host;
  const std::size_t colon = name.rfind(':');
  if (colon != kNone && valid_optional_port(name.substr(colon))) name = name.substr(0, colon);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  return name;
}

std::string_view port(const Url& url) {
  const std::size_t colon = url.host.rfind(':');
  return colon != kNone && valid_optional_port(url.host.substr(colon)) ? url.host.substr(colon + 1)
                                                                       : std::string_view();
}

std::vector<std::pair<std::string, std::string>> query_parameters(const Url& url) {
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string_view rest = url.query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty() || has(pair, ';')) continue;
    const std::size_t sign = std::min(pair.find('='), pair.size());
    std::string key;
    std::string value;
    if (!unescape(pair.substr(0, sign), kQueryPart, key).empty()) continue;
    if (sign < pair.size() && !unescape(pair.substr(sign + 1), kQueryPart, value).empty()) continue;
    parameters.emplace_back(std::move(key), std::move(value));
  }
  return parameters;
}

}  // namespace posture::cel
