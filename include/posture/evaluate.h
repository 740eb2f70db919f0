// SPDX-License-Identifier: Apache-2.0
// Checks against objects: one pass over a Source gives an Assessment, all that score and reports need.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "posture/catalog.h"
#include "posture/cel_cost.h"
#include "posture/inventory.h"
#include "posture/source.h"

namespace posture {

/// Ordered by precedence when several observations of one check and object meet: the later wins.
enum class State : std::uint8_t { not_applicable, pass, manual, waived, not_assessed, fail };
inline constexpr std::size_t kStates = 6;
const char* to_string(State state);  ///< "pass", "not-assessed", …

/// What is not a pass. Views borrow from the Assessment.
struct Outcome {
  std::uint32_t check = 0;  ///< index in Catalog::checks
  State state = State::fail;
  /// Index in Assessment::objects: the top owner. kNoObject where a read was refused and the population is unknown.
  std::uint32_t object = 0;
  std::string_view
      pointer;  ///< JSON pointer into the object, or into `observed_on` where only live pods show it; "" is the whole object
  std::string_view path;  ///< stable path: list indexes are names, `spec.template.spec.containers[app]`
  std::string_view message;  ///< fail: the check's message; not assessed: what was missing, one sentence
  std::string_view
      observed;  ///< JSON object: field path below the element -> value or null where absent; secrets redacted. May be empty
  std::uint32_t observed_on =
      0;  ///< index in Assessment::objects of a live pod (or API server replica) that shows it, else kNoObject
  std::uint32_t observed_count = 0;  ///< how many live ones show it
  std::uint32_t gap = 0;  ///< index in Assessment::gaps of the read that is missing, else kNoObject
  std::string_view ns;  ///< of an outcome without object: the namespace the read was limited to, "" for all
  std::string_view file;  ///< manifests: where the object stands, else empty
  std::uint32_t document = 0;  ///< manifests: 0-based document of the file
  std::uint32_t line = 0;  ///< manifests: 1-based line of the element
};
inline constexpr std::uint32_t kNoObject = 0xffffffff;

/// How many objects ended in each state, for one check, namespace and kind. An object fails when any of its elements fails.
struct Tally {
  std::uint32_t check = 0;
  std::string ns;
  std::string kind;  ///< with group, as in check files
  std::array<std::uint64_t, kStates> count{};
};

/// The state of one check on one object, for reports that list passes singly.
struct ObjectState {
  std::uint32_t check = 0;
  std::uint32_t object = 0;
  State state = State::pass;
};

/// What the user asked for.
struct Scope {
  std::vector<std::string> namespaces;  ///< empty: the whole cluster
  bool secrets = false;  ///< Secrets may be listed on a cluster; of their contents nothing is read even then
};

/// Everything one pass found. Outcomes are sorted by check, object and path; tallies by check, namespace, kind; all of it is
/// independent of the order in which data arrived.
struct Assessment {
  About about;
  Scope scope;
  std::vector<Gap> gaps;
  std::vector<ObjectName> objects;
  std::vector<Outcome> outcomes;  ///< fail, not assessed, manual, waived
  std::vector<Tally> tallies;
  std::vector<std::uint32_t> checks;  ///< indexes of the checks that ran (in scope), ascending
  std::vector<ObjectState> passed;  ///< pass and not-applicable, only when asked for
  std::size_t objects_read = 0;
  std::vector<std::shared_ptr<const void>> memory;  ///< what the views borrow from

  bool incomplete() const;  ///< a default read was refused or broke and no other source was left: exit code 3
};

/// SHA-256, hex, over check id, group, kind, namespace, name and stable path: the identity of a finding across scans.
std::string fingerprint(const Catalog& catalog, const Assessment& assessment, const Outcome& outcome);

struct EvaluateOptions {
  Scope scope;
  std::size_t workers = 0;  ///< 0: one per processor
  bool keep_passed = false;
};

/// Reads what the catalogue's checks need, in waves, and judges every object as it arrives. Throws Error(input) when a check does
/// not compile, and what the source throws.
Assessment evaluate(Source& source, const Catalog& catalog, const EvaluateOptions& options);

/// The value of an expression, for people who write checks.
struct Answer {
  std::string value;  ///< JSON
  std::string type;
  bool is_checked = true;  ///< false: the checker knows only dyn, and `type` is that of the value
  std::string problem;  ///< why there is no value: what is wrong, the line of the expression, a caret. Not escaped
  std::uint64_t cost = 0;  ///< units that an API server would charge
  cel::CostEstimate estimate;  ///< what its compiler expects, whatever the object
};
/// Over the first object of a set of manifests, with the variables that checks have; all objects feed the facts. Without manifests no
/// variable is declared.
Answer evaluate_expression(const std::string& expression);
Answer evaluate_expression(const std::string& expression, Source& manifests);

/// Reads what the whole catalogue needs into nothing: for a recording source. Returns what could not be read.
std::vector<Gap> read_all(Source& source, const Catalog& catalog, const Scope& scope);

}  // namespace posture
