// SPDX-License-Identifier: Apache-2.0
// Checked tree to code.
#pragma once

#include "cel/check/checker.h"
#include "cel/run/node.h"

namespace posture::cel {

/// What a Program is made of.
struct Program::Code {
  Scratch constants{512};  ///< memory of constants; untouched after compilation
  cel::Code root;
  Type type;
  std::uint32_t locals = 0;
  std::vector<std::size_t> variables;  ///< ascending; a variable's slot is its place here
  std::vector<std::size_t> functions;
  std::vector<std::pair<std::size_t, std::string>> constant_arguments;
  std::vector<FieldPath> field_paths;
};

/// Fills `code` except `type` and `locals`. Constant conversions that fail become problems.
void emit(const Expr* root, Program::Code& code, Places places, Problems& problems);
/// Variables, functions, constant arguments and field paths that the tree mentions.
void collect_names(const Expr* root, Program::Code& code);

}  // namespace posture::cel
