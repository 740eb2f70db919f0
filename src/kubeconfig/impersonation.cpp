// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/impersonation.h"

#include <algorithm>

#include "posture/error.h"

namespace posture {
namespace {

bool is_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

bool all_lines(const std::vector<std::string>& texts) { return std::all_of(texts.begin(), texts.end(), is_line); }

}  // namespace

Impersonation impersonation(const Impersonation& file, const Impersonation& flags, const std::string& where) {
  Impersonation chosen = file;
  if (!flags.user.empty()) chosen.user = flags.user;
  if (!flags.uid.empty()) chosen.uid = flags.uid;
  if (!flags.groups.empty()) chosen.groups = flags.groups;
  if (chosen.user.empty() && (!chosen.uid.empty() || !chosen.groups.empty() || !chosen.extra.empty())) {
    throw Error(ErrorKind::config,
                "impersonation of a uid, of groups or of extra fields needs a user: --as, or `as` in the file", where);
  }
  const bool fits = is_line(chosen.user) && is_line(chosen.uid) && all_lines(chosen.groups) &&
                    std::all_of(chosen.extra.begin(), chosen.extra.end(),
                                [](const auto& extra) { return !extra.first.empty() && all_lines(extra.second); });
  if (!fits)
    throw Error(ErrorKind::config, "impersonation: a name holds control characters, or an extra key is empty", where);
  return chosen;
}

}  // namespace posture
