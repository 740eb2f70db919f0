// SPDX-License-Identifier: Apache-2.0
// The functions of the language as tables. Adding one is a row here or in a file of this folder, and its body.
#pragma once

#include <span>
#include <string_view>

#include "cel/cost/cost.h"

namespace posture::cel {

/// Computes a call. Arguments are no errors and have the kinds of the signature.
using Body = Datum (*)(Frame& frame, std::span<const Datum> arguments);
/// One overload. The signature reads `(int, list(A)) -> bool`, for a member function `string.(int) -> string`; a single capital
/// letter is a type parameter. `since` is the minor version of Kubernetes 1.x that first lets a new policy use it.
struct Overload {
  std::string_view name;
  std::string_view signature;
  Body body = nullptr;  ///< null for operators, which have nodes of their own
  CostRule cost = {};
  std::uint8_t since = 0;
};

/// All tables; a name may appear in several of them.
std::span<const std::span<const Overload>> libraries();

struct Signature {
  bool member = false;
  std::span<const StaticType*> parameters;  ///< receiver first
  const StaticType* result = nullptr;
};
/// Type parameters become fresh variables. Precondition: well-formed (a test parses every row).
Signature parse_signature(std::string_view text, TypePool& pool, Arena& arena);

std::span<const Overload> operator_table();
std::span<const Overload> standard_library();
std::span<const Overload> conversion_library();
std::span<const Overload> time_library();
std::span<const Overload> optional_library();
std::span<const Overload> string_library();
std::span<const Overload> format_library();
std::span<const Overload> list_library();
std::span<const Overload> set_library();
std::span<const Overload> regex_library();
std::span<const Overload> quantity_library();
std::span<const Overload> network_library();
std::span<const Overload> url_library();
std::span<const Overload> semver_library();
std::span<const Overload> named_format_library();
std::span<const Overload> authorizer_library();

}  // namespace posture::cel
