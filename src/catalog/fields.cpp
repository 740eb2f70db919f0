// SPDX-License-Identifier: Apache-2.0
#include "catalog/fields.h"

#include <algorithm>

namespace posture {

Fields::Fields(Value map, const Place& place) : map_(map), place_(place) {
  if (!map_.is_map()) throw Error(ErrorKind::input, place_(map_) + ": expected a map of fields");
}

void Fields::fail(std::string_view key, const std::string& problem) const {
  const Value at = map_[key].present() ? map_[key] : map_;
  throw Error(ErrorKind::input, place_(at) + ": " + std::string(key) + ": " + problem);
}

Value Fields::value(std::string_view key) {
  asked_.push_back(key);
  return map_[key];
}

std::string Fields::text(std::string_view key) {
  std::string text = optional_text(key);
  if (text.empty()) fail(key, "is required and must be text");
  return text;
}

std::string Fields::optional_text(std::string_view key) {
  const Value found = value(key);
  if (!found.present()) return {};
  if (!found.is_string()) fail(key, "must be text (quote it if it looks like a number or boolean)");
  return std::string(found.text());
}

std::vector<std::string> Fields::texts(std::string_view key) {
  const Value found = value(key);
  if (!found.present()) return {};
  if (found.is_string()) return {std::string(found.text())};
  std::vector<std::string> result;
  for (const Node& element : found.elements()) {
    if (element.type != ValueType::string) fail(key, "must be a list of texts");
    result.emplace_back(Value(&element).text());
  }
  if (!found.is_list()) fail(key, "must be a list of texts");
  return result;
}

void Fields::expect_integer(std::string_view key, std::int64_t expected) {
  const Value found = value(key);
  if (!found.is(ValueType::integer) || found.integer() != expected) {
    fail(key, "must be " + std::to_string(expected) + ", the only version this program knows");
  }
}

void Fields::finish() const {
  for (const Member& member : map_.members()) {
    if (std::find(asked_.begin(), asked_.end(), member.key) == asked_.end()) fail(member.key, "is not a known field");
  }
}

}  // namespace posture
