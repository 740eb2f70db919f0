// SPDX-License-Identifier: Apache-2.0
#include "source/client/item_identity.h"

#include <algorithm>

#include "source/client/json_end.h"

namespace posture {
namespace {

constexpr std::string_view kSpaceAndCommas = " \t\r\n,";

void skip(std::string_view& text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

/// Takes a string literal off the front of `text` and answers what stands between its quotes; "" when there is none.
std::string_view take_string(std::string_view& text) {
  std::size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size()) {
    text = {};
    return {};
  }
  const std::string_view content = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return content;
}

void skip_value(std::string_view& text) {
  if (text.empty()) return;
  if (text[0] == '"') {
    take_string(text);
  } else if (text[0] == '{' || text[0] == '[') {
    const std::size_t end = JsonEndFinder().find(text.substr(1));
    text.remove_prefix(end == JsonEndFinder::kNotYet ? text.size() : end + 1);
  } else {
    text.remove_prefix(std::min(text.find_first_of(",}]"), text.size()));
  }
}

/// The text from the value of member `key` on, to the end of what is there; empty when `object` has no such member.
std::string_view value_of(std::string_view object, std::string_view key) {
  if (object.empty() || object[0] != '{') return {};
  object.remove_prefix(1);
  for (;;) {
    skip(object, kSpaceAndCommas);
    if (object.empty() || object[0] != '"') return {};
    const bool found = take_string(object) == key;
    skip(object, " \t\r\n:");
    if (found) return object;
    skip_value(object);
  }
}

std::string_view text_of(std::string_view object, std::string_view key) {
  std::string_view value = value_of(object, key);
  return !value.empty() && value[0] == '"' ? take_string(value) : std::string_view();
}

}  // namespace

std::string item_identity(std::string_view item) {
  const std::string_view uid = text_of(value_of(item, "metadata"), "uid");
  return uid.empty() ? item_name(item) : std::string(uid);
}

std::string item_name(std::string_view item) {
  const std::string_view metadata = value_of(item, "metadata");
  const std::string_view ns = text_of(metadata, "namespace");
  const std::string_view name = text_of(metadata, "name");
  return ns.empty() ? std::string(name) : std::string(ns) + "/" + std::string(name);
}

}  // namespace posture
