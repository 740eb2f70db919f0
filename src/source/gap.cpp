// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "posture/source.h"

namespace posture {

namespace {

struct ReasonRow {
  const char* name;
  bool incomplete;
};
constexpr std::array<ReasonRow, 11> kReasons = {{{"forbidden", true},
                                                 {"unavailable", true},
                                                 {"malformed", true},
                                                 {"too-large", true},
                                                 {"not-found", true},
                                                 {"not-served", false},
                                                 {"not-recorded", false},
                                                 {"not-in-files", false},
                                                 {"interrupted", true},
                                                 {"out-of-time", true},
                                                 {"withheld", false}}};

}  // namespace

bool is_incomplete(GapReason reason) { return kReasons[static_cast<std::size_t>(reason)].incomplete; }
const char* to_string(GapReason reason) { return kReasons[static_cast<std::size_t>(reason)].name; }

std::optional<GapReason> parse_gap_reason(std::string_view text) {
  const auto row =
      std::find_if(kReasons.begin(), kReasons.end(), [&](const ReasonRow& each) { return each.name == text; });
  if (row == kReasons.end()) return std::nullopt;
  return static_cast<GapReason>(row - kReasons.begin());
}

std::string api_version(const Resource& resource) {
  return resource.group.empty() ? resource.version : resource.group + "/" + resource.version;
}

ApiVersion parse_api_version(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {"", text};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

std::string group_resource(const Resource& resource) {
  return resource.group.empty() ? resource.name : resource.name + "." + resource.group;
}

std::string to_string(const AccessQuestion& question) {
  if (!question.path.empty()) return question.verb + " " + question.path;
  std::string text = question.verb + " " + group_resource({question.group, "", question.resource, "", false});
  if (!question.name.empty()) text += " " + question.name;
  return question.ns.empty() ? text : text + " in namespace " + question.ns;
}

const Resource* Discovery::find(const std::string& group, const std::string& kind) const {
  for (const Resource& resource : resources) {
    if (resource.group == group && resource.kind == kind) return &resource;
  }
  return nullptr;
}

}  // namespace posture
