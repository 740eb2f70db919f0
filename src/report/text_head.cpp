// SPDX-License-Identifier: Apache-2.0
// The head of the first screen: which cluster, as whom, how much was read and what was not.
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "report/text.h"

namespace posture {
namespace {

constexpr std::size_t kVersionWidth = 30;
constexpr std::size_t kMostGapReasons = 2;

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

/// Context and server share what the version leaves; the shorter one keeps its length.
Lines cluster_line(const Report& report, const Style& style) {
  const About& about = report.assessment.about;
  const std::string version =
      about.version.empty() ? "" : style.end("Kubernetes " + escape_controls(about.version), kVersionWidth);
  const std::string context = escape_controls(about.context);
  const std::string server = escape_controls(about.server);
  const std::size_t room = room_beside_label(style) - (version.empty() ? 3 : display_width(version) + 6);
  const std::size_t context_room = std::max(room / 2, room - std::min(room, display_width(server)));
  const std::size_t server_room = room - std::min(display_width(context), context_room);
  const std::string text =
      join({style.middle(context, context_room), version, style.middle(server, server_room)}, style.dot());
  if (!text.empty()) return labelled(style, "Cluster", style.end(text, room_beside_label(style)));
  return labelled(style, about.kind == "files" ? "Files" : "Cluster", about.kind == "files" ? "manifests" : "unknown");
}

Lines identity_line(const Report& report, const Style& style) {
  const About& about = report.assessment.about;
  if (about.user.empty()) return about.kind == "files" ? Lines{} : labelled(style, "Identity", "unknown");
  const std::size_t room = room_beside_label(style);
  std::string text = style.middle(escape_controls(about.user), about.groups.empty() ? room : room / 2);
  if (!about.groups.empty()) {
    text += " (" + list_within(style, sorted_and_escaped(about.groups), room - display_width(text) - 3) + ")";
  }
  return labelled(style, "Identity", text);
}

std::string answered(const Report& report) {
  const std::optional<double>& coverage = report.score.coverage;
  if (!coverage) return "";
  if (*coverage >= 1) return report.assessment.gaps.empty() ? "everything answered" : "all answered";
  return std::to_string(static_cast<int>(std::floor(*coverage * 100 + 1e-6))) + " % answered";
}

Lines read_line(const Report& report, const Style& style) {
  std::set<std::string_view> namespaces;
  for (const Tally& tally : report.assessment.tallies) {
    if (!tally.ns.empty()) namespaces.insert(tally.ns);
  }
  std::string objects = plural(report.assessment.objects_read, "object");
  if (!namespaces.empty()) objects += " in " + plural(namespaces.size(), "namespace");
  const std::string text = join({objects, plural(report.checks.size(), "check"), answered(report)}, style.dot());
  return labelled(style, "Read", style.end(text, room_beside_label(style)));
}

Lines scope_line(const Report& report, const Style& style) {
  if (report.assessment.scope.namespaces.empty()) return {};
  const std::vector<std::string> names = sorted_and_escaped(report.assessment.scope.namespaces);
  const std::string lead = names.size() == 1 ? "only namespace " : "only namespaces ";
  return labelled(style, "Scope", lead + list_within(style, names, room_beside_label(style) - lead.size()));
}

/// "clusterroles" for "clusterroles.rbac.authorization.k8s.io", "NetworkPolicy" for "networking.k8s.io/NetworkPolicy"; paths
/// and groups, "*.metrics.k8s.io", stay. The whole name stands in the details.
std::string short_name(const std::string& resource) {
  const std::size_t slash = resource.find('/');
  if (slash == 0 || resource.starts_with("*.")) return resource;
  return slash != std::string::npos ? resource.substr(slash + 1) : resource.substr(0, resource.find('.'));
}

/// Of a list that came from some namespaces only: "in 1 of 3 namespaces", or "outside of shop" where nobody knows how many there are.
std::string extent_of(const Gap& gap) {
  if (gap.read_in.empty()) return "";
  if (!gap.unread_in.empty()) {
    return " in " + with_separators(gap.unread_in.size()) + " of " +
           plural(gap.read_in.size() + gap.unread_in.size(), "namespace");
  }
  return " outside of " +
         (gap.read_in.size() == 1 ? escape_controls(gap.read_in.front()) : plural(gap.read_in.size(), "namespace"));
}

/// What was refused or broke first, then what does not exist here: "forbidden: pods, secrets · not served: /flagz".
Lines gap_lines(const Report& report, const Style& style) {
  std::map<std::tuple<bool, GapReason, std::string>, std::set<std::string>> reads;
  for (const Gap& gap : report.assessment.gaps) {
    reads[{!is_incomplete(gap.reason), gap.reason, extent_of(gap)}].insert(escape_controls(short_name(gap.resource)));
  }
  std::vector<std::string> parts;
  std::size_t others = 0;
  for (const auto& [key, names] : reads) {
    if (parts.size() == kMostGapReasons) {
      others += names.size();
      continue;
    }
    const std::string reason = spoken(to_string(std::get<GapReason>(key))) + std::get<std::string>(key) + ": ";
    parts.push_back(reason +
                    list_within(style, {names.begin(), names.end()}, room_beside_label(style) - reason.size()));
  }
  if (others > 0) parts.push_back(with_separators(others) + " more");
  return joined_lines(style, "Not read", parts, parts);
}

Lines warning_line(const Report& report, const Style& style) {
  const About& about = report.assessment.about;
  if (about.tls_verified) return {};
  const bool is_plain = about.server.starts_with("http://");
  Lines lines = labelled(style, "Warning",
                         is_plain ? "plain http: anybody on the way can read and change what comes"
                                  : "the server's certificate was not verified: this may be another server");
  lines.resize(1);
  return lines;
}

}  // namespace

Lines head_lines(const Report& report, const Style& style) {
  static constexpr std::array kLines = {cluster_line, identity_line, scope_line, read_line, gap_lines, warning_line};
  Lines lines;
  for (const auto& line : kLines) append(lines, line(report, style));
  return lines;
}

}  // namespace posture
