// SPDX-License-Identifier: Apache-2.0
// Check files of a user held against the format, the language, their own examples and a cluster's OpenAPI documents.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "posture/catalog.h"
#include "posture/source.h"
#include "posture/value.h"

namespace posture {

class JsonDocument;

/// What may stand at one place of an object. Without `node`: anything.
struct Schema {
  Value node;
  Value components;  ///< what references in `node` point into
};
/// The schema of a field of a map, or under kElement of the elements of a list; nullopt: there can be no such field.
std::optional<Schema> field_schema(const Schema& schema, std::string_view field);
bool is_list(const Schema& schema);
/// Names of the fields that a schema declares.
std::vector<std::string_view> field_names(const Schema& schema);

/// The schemas of kinds, from OpenAPI v3 documents: those of a cluster are read when a kind of theirs is asked for.
class Schemas {
 public:
  /// `cluster` may be nullptr and must live as long as this.
  explicit Schemas(Source* cluster);
  ~Schemas();
  /// One document (of one group and version). Throws Error(input) when it is none.
  void add(std::string_view json, const std::string& where);
  /// nullopt: no document describes the kind. Throws Error(connection) when the cluster does not hand it out.
  std::optional<Schema> find(const KindName& kind);

 private:
  void read(const KindName& kind);

  Source* cluster_;
  std::optional<Discovery> discovery_;
  std::vector<std::unique_ptr<const JsonDocument>> documents_;
  std::map<KindName, Schema> kinds_;
};

/// Something wrong with a check file. Texts are not escaped.
struct LintProblem {
  std::string place;  ///< "file:line:column", "file:line"
  std::string message;
  std::string line;  ///< of the file; empty where the message needs none
  std::size_t column = 0;  ///< 1-based, in characters: where a caret belongs under it
};

/// All problems of one file, in the order of its fields; an Error about the file itself is its only one. `known` has the controls a check
/// may name. Without `schemas` fields are not looked up. Throws what the cluster throws.
std::vector<LintProblem> lint_check_file(const std::string& file, const Catalog& known, Schemas* schemas);

}  // namespace posture
