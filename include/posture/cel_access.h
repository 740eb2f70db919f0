// SPDX-License-Identifier: Apache-2.0
// What `authorizer.….check(verb)` asks, and what a Host answers: the attributes of a Kubernetes authorization check.
#pragma once

#include <cstdint>
#include <string_view>

namespace posture::cel {

/// May somebody do `verb`? On a path where `path` is set, else on a resource. All text borrows from the evaluation.
struct AccessQuestion {
  std::string_view account_namespace;  ///< with `account`: the service account that is meant, instead of the requester
  std::string_view account;
  std::string_view path;
  std::string_view group;
  std::string_view resource;
  std::string_view subresource;
  std::string_view name_space;
  std::string_view name;
  /// As written. Kubernetes drops a selector that does not parse and asks without it.
  std::string_view field_selector;
  std::string_view label_selector;
  std::string_view verb;
};

enum class Access : std::uint8_t { denied, allowed, unknown };

/// The text must live as long as the Scratch of the evaluation.
struct AccessDecision {
  Access access = Access::unknown;
  std::string_view reason;  ///< of an unknown: what is missing
  std::string_view error;  ///< what failed while deciding; empty if nothing did
};

}  // namespace posture::cel
