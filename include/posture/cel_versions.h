// SPDX-License-Identifier: Apache-2.0
// Since which Kubernetes a new admission policy may hold an expression. The API server compiles new policies with what the version
// before it knew (so that it can be rolled back): that is one version after a function appears in k8s.io/apiserver/pkg/cel/environment.
#pragma once

#include <string_view>
#include <vector>

#include "posture/cel.h"

namespace posture::cel {

/// The first minor version that has ValidatingAdmissionPolicy as v1: what every policy may use bears this number or a lower one.
inline constexpr unsigned kOldestMinor = 30;

/// One overload of a function: `{"slice", "list(A).(int, int) -> list(A)", 35}` is usable from Kubernetes 1.35.
struct FunctionVersion {
  std::string_view name;
  std::string_view signature;
  unsigned minor = 0;  ///< 0: every version with policies
};
/// Every function of the language and of Kubernetes' libraries, library by library; operators and macros are not among them.
std::vector<FunctionVersion> function_versions();

/// The first minor version of Kubernetes 1.x whose new policies may hold the text, never below kOldestMinor; 0 where it does not compile.
/// A call whose overload only the data decides counts as the oldest that may be meant.
unsigned first_minor(const Environment& environment, std::string_view source);

}  // namespace posture::cel
