// SPDX-License-Identifier: Apache-2.0
// Functions on URLs.
#include <algorithm>
#include <array>
#include <map>

#include "cel/library/library.h"
#include "cel/value/opaque.h"
#include "cel/value/url.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

const Url& url_at(Arguments arguments, std::size_t i) { return opaque_of<Url>(arguments[i]); }

Datum url(Frame& frame, Arguments arguments) {
  Url value{};
  const std::string error = parse_url(text_of(arguments[0]), frame.memory(), value);
  if (error.empty()) return keep_opaque(frame.memory(), value);
  return keep_error(frame.memory(), "URL parse error during conversion from string: " + error);
}

Datum is_url(Frame&, Arguments arguments) { return Datum::boolean(request_uri_error(text_of(arguments[0])).empty()); }

template <std::string_view Url::* part>
Datum text_part(Frame&, Arguments arguments) {
  return Datum::string(url_at(arguments, 0).*part);
}

Datum get_hostname(Frame&, Arguments arguments) { return Datum::string(hostname(url_at(arguments, 0))); }
Datum get_port(Frame&, Arguments arguments) { return Datum::string(port(url_at(arguments, 0))); }

Datum get_query(Frame& frame, Arguments arguments) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> values;
  for (const auto& [key, value] : query_parameters(url_at(arguments, 0))) {
    std::vector<std::string>& list = values[key];
    if (list.empty()) order.push_back(key);
    list.push_back(value);
  }
  MapBuilder builder(frame.memory());
  for (const std::string& key : order) {
    const std::vector<std::string>& texts = values[key];
    Datum* list = frame.memory().array<Datum>(texts.size());
    if (list == nullptr) return out_of_memory();
    std::transform(texts.begin(), texts.end(), list,
                   [&](const std::string& text) { return keep_string(frame.memory(), text); });
    if (!builder.assign(keep_string(frame.memory(), key), make_list(list, texts.size()))) return out_of_memory();
  }
  return builder.finish();
}

constexpr std::array kUrlOverloads = std::to_array<Overload>({
    {"url", "(string) -> url", url, cost::kTransform},
    {"isURL", "(string) -> bool", is_url},
    {"getScheme", "url.() -> string", text_part<&Url::scheme>},
    {"getHost", "url.() -> string", text_part<&Url::host>},
    {"getHostname", "url.() -> string", get_hostname},
    {"getPort", "url.() -> string", get_port},
    {"getEscapedPath", "url.() -> string", text_part<&Url::path>},
    {"getQuery", "url.() -> map(string, list(string))", get_query},
});

}  // namespace

std::span<const Overload> url_library() { return kUrlOverloads; }

}  // namespace posture::cel
