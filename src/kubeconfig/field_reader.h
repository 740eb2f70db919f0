// SPDX-License-Identifier: Apache-2.0
// Typed fields of one kubeconfig document, each mistake with its file, line and column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"

namespace posture {

/// Borrows the document. All readers take null and absence as empty, and throw Error(config) on another type.
class FieldReader {
 public:
  FieldReader(const YamlDocument& document, const std::string& file) : document_(document), file_(file) {}

  const std::string& file() const { return file_; }
  std::string place(Value value) const;  ///< "file:line:column"
  [[noreturn]] void refuse(Value value, const std::string& message) const;
  void check_type(Value value, ValueType wanted, std::string_view key) const;
  std::string text(Value value, std::string_view key) const;
  bool flag(Value value, std::string_view key) const;
  std::string base64(Value value, std::string_view key) const;  ///< decoded
  std::string path(Value value, std::string_view key) const;    ///< made absolute, from the folder of the file
  std::vector<std::string> texts(Value value, std::string_view key) const;

 private:
  const YamlDocument& document_;
  const std::string& file_;
};

const char* name_of(ValueType type);  ///< "a string"

/// `path` as seen from the folder of `file`.
std::string absolute_path(const std::string& path, const std::string& file);

}  // namespace posture
