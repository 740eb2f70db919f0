// SPDX-License-Identifier: Apache-2.0
#include "posture/analysis.h"

namespace posture {

Reads::Result Reads::look_up(const KindName& kind, std::string_view ns) const {
  const auto everywhere = reads_.find({kind, ""});
  const bool settled = everywhere != reads_.end() && everywhere->second.answer != Answer::missing;
  const auto here = settled || ns.empty() ? reads_.end() : reads_.find({kind, std::string(ns)});
  if (here != reads_.end()) return here->second;
  return everywhere == reads_.end() ? Result{} : everywhere->second;
}

}  // namespace posture
