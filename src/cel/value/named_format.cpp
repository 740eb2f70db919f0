// SPDX-License-Identifier: Apache-2.0
#include "cel/value/named_format.h"

#include <algorithm>
#include <array>

#include "cel/value/json_text.h"
#include "cel/value/text.h"
#include "cel/value/time_values.h"
#include "cel/value/url.h"

namespace posture::cel {
namespace {

using Complaints = std::vector<std::string>;
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";

bool lower(char c) { return kLower.find(c) != kNone; }
bool digit(char c) { return kDigits.find(c) != kNone; }
bool alphanumeric(char c) { return digit(c) || lower(static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c)); }
bool lower_alphanumeric(char c) { return lower(c) || digit(c); }

// Begins and ends with characters of `edge`, with `inner` or edge characters between.
bool bounded(std::string_view text, bool (*edge)(char), std::string_view inner) {
  if (text.empty() || !edge(text.front()) || !edge(text.back())) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return edge(c) || inner.find(c) != kNone; });
}

bool is_label(std::string_view text) { return bounded(text, lower_alphanumeric, "-"); }

bool is_subdomain(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == kNone) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_name(std::string_view text) { return bounded(text, alphanumeric, "-_."); }

void limit(std::string_view text, std::size_t bytes, Complaints& problems) {
  if (text.size() > bytes) problems.push_back("must be no more than " + std::to_string(bytes) + " bytes");
}

constexpr std::string_view kSubdomainMessage =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end "
    "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view kLabelMessage =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an "
    "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view kDns1035Message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end "
    "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view kNameMessage =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. "
    "'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr std::string_view kValueMessage =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end "
    "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

std::string characters(std::size_t count) { return "must be no more than " + std::to_string(count) + " characters"; }

void dns1123_label(std::string_view text, Complaints& problems) {
  if (text.size() > 63) problems.push_back(characters(63));
  if (!is_label(text)) problems.emplace_back(is_subdomain(text) ? "must not contain dots" : kLabelMessage);
}

void dns1123_subdomain(std::string_view text, Complaints& problems) {
  if (text.size() > 253) problems.push_back(characters(253));
  if (!is_subdomain(text)) problems.emplace_back(kSubdomainMessage);
}

void dns1035_label(std::string_view text, Complaints& problems) {
  if (text.size() > 63) problems.push_back(characters(63));
  if (!is_label(text) || !lower(text.front())) problems.emplace_back(kDns1035Message);
}

// A name that something will be appended to may end in a dash.
template <Validate validate>
void as_prefix(std::string_view text, Complaints& problems) {
  std::string masked(text);
  if (masked.size() > 1 && masked.back() == '-') masked.replace(masked.size() - 2, 2, "a");
  validate(masked, problems);
}

void qualified_name(std::string_view text, Complaints& problems) {
  const auto slashes = std::count(text.begin(), text.end(), '/');
  if (slashes > 1) {
    problems.push_back("a valid label key " + std::string(kNameMessage) +
                       " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    return;
  }
  if (slashes == 1) {
    const std::string_view prefix = text.substr(0, text.find('/'));
    text.remove_prefix(prefix.size() + 1);
    Complaints inner;
    limit(prefix, 253, inner);
    if (!is_subdomain(prefix)) inner.emplace_back(kSubdomainMessage);
    if (prefix.empty()) inner = {"must be non-empty"};
    for (const std::string& problem : inner) problems.push_back("prefix part " + problem);
  }
  if (text.empty()) problems.emplace_back("name part must be non-empty");
  if (text.size() > 63) problems.emplace_back("name part must be no more than 63 bytes");
  if (!is_name(text)) problems.push_back("name part " + std::string(kNameMessage));
}

void label_value(std::string_view text, Complaints& problems) {
  limit(text, 63, problems);
  if (!text.empty() && !is_name(text)) problems.emplace_back(kValueMessage);
}

void uri(std::string_view text, Complaints& problems) {
  const std::string error = request_uri_error(text);
  if (!error.empty()) problems.push_back("parse " + go_quoted(text) + ": " + error);
}

bool is_uuid(std::string_view text) {
  for (const std::size_t group : {8u, 4u, 4u, 4u, 12u}) {
    if (group != 8 && text.starts_with('-')) text.remove_prefix(1);
    if (text.size() < group || text.substr(0, group).find_first_not_of("0123456789abcdefABCDEF") != kNone) return false;
    text.remove_prefix(group);
  }
  return text.empty();
}

void uuid(std::string_view text, Complaints& problems) {
  if (!is_uuid(text)) problems.emplace_back("does not match the UUID format");
}

// Groups of four, the last padded; not empty.
void base64(std::string_view text, Complaints& problems) {
  std::string_view digits = text;
  for (int i = 0; i < 2 && digits.ends_with('='); ++i) digits.remove_suffix(1);
  const auto valid = [](char c) { return alphanumeric(c) || c == '+' || c == '/'; };
  if (text.empty() || text.size() % 4 != 0 || !std::all_of(digits.begin(), digits.end(), valid)) {
    problems.emplace_back("invalid base64");
  }
}

bool is_date(std::string_view text) {
  Datum parsed{};
  return text.size() == 10 && parse_timestamp(std::string(text) + "T00:00:00Z", parsed);
}

void date(std::string_view text, Complaints& problems) {
  if (!is_date(text)) problems.emplace_back("invalid date");
}

bool is_clock(std::string_view text) {
  if (text.size() < 9 || text[2] != ':' || text[5] != ':') return false;
  for (const std::size_t at : {0u, 1u, 3u, 4u, 6u, 7u}) {
    if (!digit(text[at])) return false;
  }
  if (text.substr(0, 2) > "23" || text.substr(3, 2) > "59" || text.substr(6, 2) > "59") return false;
  text.remove_prefix(8);
  if (text.size() > 1 && digit(text[1]) && text[0] != '+' && text[0] != '-') {
    text.remove_prefix(std::min(text.find_first_not_of(kDigits, 1), text.size()));
  } else if (text.size() > 7 && (text[0] == '+' || text[0] == '-') && text.find_first_of("+-z", 1) != kNone) {
    text.remove_prefix(text.find_first_of("+-z", 1));  // the pattern's dot takes any character
  }
  if (text == "z") return true;
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && digit(text[1]) && digit(text[2]) && text[3] == ':' &&
         digit(text[4]) && digit(text[5]);
}

void datetime(std::string_view text, Complaints& problems) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  const std::size_t mark = lowered.find('t');
  const std::string_view whole = lowered;
  if (mark == kNone || !is_date(whole.substr(0, mark)) ||
      !is_clock(whole.substr(mark + 1, whole.find('t', mark + 1) - mark - 1))) {
    problems.emplace_back("invalid datetime");
  }
}

constexpr NamedFormat format(std::string_view name, Validate validate, std::uint32_t size) {
  return {{TypeKind::format}, name, validate, size};
}

constexpr std::array<NamedFormat, 13> kFormats = {
    format("dns1123Label", dns1123_label, 30),
    format("dns1123Subdomain", dns1123_subdomain, 60),
    format("dns1035Label", dns1035_label, 30),
    format("qualifiedName", qualified_name, 60),
    format("dns1123LabelPrefix", as_prefix<dns1123_label>, 30),
    format("dns1123SubdomainPrefix", as_prefix<dns1123_subdomain>, 60),
    format("dns1035LabelPrefix", as_prefix<dns1035_label>, 30),
    format("labelValue", label_value, 40),
    format("uri", uri, 1103),
    format("uuid", uuid, 70),
    format("byte", base64, 84),
    format("date", date, 71),
    format("datetime", datetime, 71),
};

}  // namespace

std::span<const NamedFormat> named_formats() { return kFormats; }

}  // namespace posture::cel
