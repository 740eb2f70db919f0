// SPDX-License-Identifier: Apache-2.0
#include "posture/analysis.h"

namespace posture {

Reads::Result Reads::look_up(const KindName& kind, std::string_view ns) const {
  const auto everywhere = reads_.find({kind, ""});
  if (everywhere != reads_.end() || ns.empty()) return everywhere == reads_.end() ? Result{} : everywhere->second;
  const auto here = reads_.find({kind, std::string(ns)});
  return here == reads_.end() ? Result{} : here->second;
}

}  // namespace posture
