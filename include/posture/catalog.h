// SPDX-License-Identifier: Apache-2.0
// What is checked: check files, the controls they decide and the frameworks that ask for those controls.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "posture/value.h"

namespace posture {

enum class Severity { info, low, medium, high, critical };
inline constexpr std::size_t kSeverities = 5;
const char* to_string(Severity severity);

/// A kind named by a check: `Pod` is {"", "Pod"}, `apps/Deployment` is {"apps", "Deployment"}.
struct KindName {
  std::string group;
  std::string kind;
  friend auto operator<=>(const KindName&, const KindName&) = default;
};
std::string to_string(const KindName& kind);  ///< as written in check files
KindName parse_kind_name(std::string_view text);

/// The pseudo-kind of the API server's own settings, which no list returns.
inline constexpr const char* kApiServerKind = "APIServer";

/// What one outcome points at: a variable name, and for containers the lists of the pod spec they come from.
struct Each {
  std::string name;                ///< "container", "volume", "rule", "subject"; empty: the object itself
  std::vector<std::string> lists;  ///< container only, e.g. {"containers", "initContainers", "ephemeralContainers"}
};

/// One check file (docs/checks.md). Text fields are as written; `params`, `patch` and `examples` borrow from the Catalog.
struct Check {
  std::string id;
  std::string title;
  std::string control;
  Severity severity = Severity::info;
  std::string why;
  std::string fix;
  std::vector<KindName> match;
  bool matches_workload = false;  ///< `match: workload`; `match` then lists every workload kind
  Each each;
  std::string where;  ///< CEL, empty: always
  std::string expect;
  std::string message;
  std::vector<std::pair<std::string, Value>> params;
  std::vector<std::string> aliases;
  std::vector<std::string> links;
  Value patch;  ///< absent where the remedy is not one patch
  Value examples;  ///< map of "pass", "fail", "not-applicable" to lists
  std::string file;  ///< where it was read, for messages
};

/// One row of checks/controls.tsv.
struct Control {
  std::string id;
  std::string title;
  std::string scope;
  std::string assessable;  ///< api, api-privileged, probe, manual, node-only
  Severity severity = Severity::info;
};

enum class RequirementKind { decided, manual, node_only };

struct Requirement {
  std::string id;
  std::string title;
  std::string level;
  RequirementKind kind = RequirementKind::decided;
  std::vector<std::string> controls;
};

struct Framework {
  std::string id;  ///< file stem
  std::string title;
  std::string version;
  std::string source;
  std::vector<Requirement> requirements;
};

/// Checks by id, controls by id, frameworks by id, each sorted; immutable once loaded and safe to read from any thread.
struct Catalog {
  std::vector<Check> checks;
  std::vector<Control> controls;
  std::vector<Framework> frameworks;
  std::string digest;  ///< SHA-256 of everything that decides, hex
  std::vector<std::shared_ptr<const void>> memory;  ///< what the views above borrow from

  /// By id or alias, nullptr if unknown. An alias may name several checks; the first is returned by find, all by find_all.
  const Check* find(std::string_view id) const;
  std::vector<const Check*> find_all(std::string_view id_or_alias) const;
  const Framework* framework(std::string_view id) const;
  const Control* control(std::string_view id) const;
};

/// The checks, controls and frameworks built into the program. Takes about a millisecond.
Catalog builtin_catalog();

/// One check from its parsed file, which it borrows; `place` gives "file:line" of a value for messages. Throws Error(input).
Check read_check(Value file, const std::string& id, const std::function<std::string(Value)>& place);

/// Adds the check files below `folder` (a user's own). A file of a known id replaces that check. Throws Error(input) with file and line.
void add_checks(Catalog& catalog, const std::string& folder);

}  // namespace posture
