// SPDX-License-Identifier: Apache-2.0
// Lists that cannot be read in all namespaces at once, read in one after the other: each is tried, because only a refusal proves
// that something is forbidden. A SelfSubjectRulesReview may be incomplete, or silent on what another authorizer allows.
#pragma once

#include <map>
#include <optional>
#include <set>
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
/// Those of the `named` namespaces that cannot be called empty, and why, with the path as the gap's resource: nothing was found in them, as they
/// are not `with_answer`, and they are not there, or may not be asked for.
std::map<std::string, Gap> look_for_empty(Source& source, const std::vector<std::string>& named,
                                          const std::set<std::string>& with_answer);
/// What is missing of a list whose `whole` was refused; nullopt when every namespace was read and there are no `others`.
std::optional<Gap> remaining_gap(const Gap& whole, const std::vector<NamespaceEnd>& ends, const std::string& others);

}  // namespace posture
