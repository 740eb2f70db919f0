// SPDX-License-Identifier: Apache-2.0
// string.format(list): the clauses of cel-go's strings library, version 2.
#pragma once

#include <string>

#include "cel/value/values.h"

namespace posture::cel {

/// One `%` clause of a format string.
struct Clause {
  char letter = 's';
  int precision = 6;
};

/// Cuts a format string into text and clauses.
class FormatReader {
 public:
  explicit FormatReader(std::string_view text) : rest_(text) {}
  /// Appends plain text to `plain` up to the next clause. False at the end or on an error.
  bool next(std::string& plain, Clause& clause);
  const std::string& error() const { return error_; }

 private:
  bool read_clause(Clause& clause);
  std::string_view rest_;
  std::string error_;
};

/// The value as the clause writes it, appended to `out`; or why that cannot be.
std::string apply_clause(const Clause& clause, const Datum& value, std::string& out);
/// What a clause takes, for messages; and whether it takes a kind of value.
std::string_view clause_error(char letter);
bool clause_takes(char letter, TypeKind kind);

}  // namespace posture::cel
