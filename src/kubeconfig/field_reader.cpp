// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/field_reader.h"

#include <array>
#include <filesystem>
#include <optional>

#include "base/base64.h"
#include "posture/error.h"

namespace posture {

const char* name_of(ValueType type) {
  constexpr std::array kNames = {"null", "a boolean", "a number", "a number", "a string", "a list", "a map"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::string absolute_path(const std::string& path, const std::string& file) {
  const std::filesystem::path given(path);
  if (path.empty() || given.is_absolute()) return path;
  return (std::filesystem::absolute(file).parent_path() / given).lexically_normal().string();
}

std::string FieldReader::place(Value value) const {
  const YamlMark mark = document_.mark(value);
  return file_ + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
}

void FieldReader::refuse(Value value, const std::string& message) const {
  throw Error(ErrorKind::config, message, place(value));
}

void FieldReader::check_type(Value value, ValueType wanted, std::string_view key) const {
  if (value.is(wanted) || !value.present() || value.is_null()) return;
  std::string message = std::string(key) + " must be " + name_of(wanted) + ", not " + name_of(value.type());
  if (wanted == ValueType::string && !value.is_list() && !value.is_map()) message += "; put it in quotes";
  refuse(value, message);
}

std::string FieldReader::text(Value value, std::string_view key) const {
  check_type(value, ValueType::string, key);
  return std::string(value.text());
}

bool FieldReader::flag(Value value, std::string_view key) const {
  check_type(value, ValueType::boolean, key);
  return value.boolean();
}

std::string FieldReader::base64(Value value, std::string_view key) const {
  std::optional<std::string> bytes = decode_base64(text(value, key));
  if (!bytes) refuse(value, std::string(key) + " is not valid base64");
  return *bytes;
}

std::string FieldReader::path(Value value, std::string_view key) const {
  return absolute_path(text(value, key), file_);
}

std::vector<std::string> FieldReader::texts(Value value, std::string_view key) const {
  check_type(value, ValueType::list, key);
  std::vector<std::string> out;
  for (const Node& node : value.elements()) out.push_back(text(Value(&node), key));
  return out;
}

}  // namespace posture
