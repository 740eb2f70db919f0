// SPDX-License-Identifier: Apache-2.0
// What could not be read, as a value of the report. What rests on it is not assessed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posture {

enum class GapReason {
  forbidden,  ///< 403
  unavailable,  ///< 429, 5xx, reset, time-out, after retries
  malformed,  ///< an answer that is not what was asked for, or an item that does not parse
  too_large,  ///< an object over the size limit
  not_found,  ///< a namespace that was asked for is not there
  not_served,  ///< the server has no such resource or path (404, 406), or the feature is off
  not_recorded,  ///< a snapshot without this read
  not_in_files,  ///< a set of manifests cannot show it
  interrupted,  ///< the user ended the reading
  out_of_time,  ///< the time for reading was over
  withheld,  ///< left alone on purpose: Secrets unless the user asks for them, their contents always
};
/// Whether a gap of this reason makes the run incomplete (exit code 3): the data exists and was refused or broke.
bool is_incomplete(GapReason reason);
const char* to_string(GapReason reason);  ///< the enumerator's name with dashes: "not-served"
std::optional<GapReason> parse_gap_reason(std::string_view text);  ///< of such a name

/// A read that did not happen, or not wholly.
struct Gap {
  std::string resource;  ///< group_resource() of a list, or the path of a get ("/flagz")
  std::string ns;  ///< namespace it was limited to, empty for all
  int status = 0;  ///< HTTP status, 0 if there was none
  GapReason reason = GapReason::unavailable;
  std::string message;  ///< one sentence, the server's words sanitised
  bool partial = false;  ///< items came before it broke, or came of some namespaces; they count
  /// Of a list that could not be read as a whole and was tried in each namespace: where it was read, and where not. Both are
  /// empty unless something was read so; there may be namespaces in neither.
  std::vector<std::string> read_in = {};
  std::vector<std::string> unread_in = {};
  friend bool operator==(const Gap&, const Gap&) = default;
};

}  // namespace posture
