// SPDX-License-Identifier: Apache-2.0
// Lists that cannot be read in all namespaces at once, read in one after the other: each is tried, because only a refusal proves
// that something is forbidden. A SelfSubjectRulesReview may be incomplete, or silent on what another authorizer allows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evaluate/plan.h"
#include "posture/source.h"

namespace posture {

inline constexpr std::size_t kMaxNamespacesTried = 5'000;  ///< those first in the alphabet

/// Which namespaces there are, asked for when first needed.
class Namespaces {
 public:
  /// `own` is tried where nobody says which there are: the namespace of the kubeconfig's context.
  Namespaces(Source& source, const Discovery& discovery, std::string own)
      : source_(source),
        discovery_(discovery),
        own_(std::move(own)) {}

  const std::vector<std::string>& names();  ///< ascending
  const std::string& others();  ///< why there may be more than these; "" when there are none

 private:
  void read();

  Source& source_;
  const Discovery& discovery_;
  std::string own_;
  bool was_read_ = false;
  std::vector<std::string> names_;
  std::string others_;
};

/// Of a namespace that was named and in which nothing was found: why it cannot be called empty, with the path as resource. nullopt
/// when it is there.
std::optional<Gap> look_for(Source& source, const std::string& ns);

/// Lists of one namespace each, and of which list they are a piece.
struct NarrowedLists {
  std::vector<PlannedList> lists;
  std::vector<std::size_t> of;  ///< index of the list that failed
};
/// For the lists of all namespaces that were refused, or that one of their objects breaks: the same for each namespace.
NarrowedLists narrow(const std::vector<PlannedList>& lists, const std::vector<std::optional<Gap>>& gaps,
                     Namespaces& namespaces);

/// What a namespace's own list came to.
struct NamespaceEnd {
  std::string ns;
  std::optional<Gap> gap;
};
bool came(const NamespaceEnd& end);  ///< wholly or in part
/// What is missing of a list whose `whole` was refused; nullopt when every namespace was read and there are no `others`.
std::optional<Gap> remaining_gap(const Gap& whole, const std::vector<NamespaceEnd>& ends, const std::string& others);

}  // namespace posture
