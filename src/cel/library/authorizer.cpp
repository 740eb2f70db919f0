// SPDX-License-Identifier: Apache-2.0
// The authorizer: builders collect the attributes of a question, check() puts it to the host, and a decision is read.
#include <algorithm>
#include <array>

#include "cel/library/library.h"
#include "cel/value/named_format.h"
#include "cel/value/opaque.h"

namespace posture::cel {
namespace {

using Arguments = std::span<const Datum>;

/// An authorizer, a path check, a group check or a resource check: the question as far as it is known.
struct Asking : Opaque {
  AccessQuestion question;
};

struct Decided : Opaque {
  AccessDecision decision;
};

Datum keep_asking(Memory& memory, TypeKind kind, const AccessQuestion& question) {
  return keep_opaque(memory, Asking{{kind}, question});
}

// As Go's strings.TrimSpace would leave nothing of it.
bool blank(std::string_view text) {
  static constexpr std::array<std::string_view, 25> kSpaces = {
      "\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085", "\u00a0", "\u1680",
      "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
      "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  while (!text.empty()) {
    const auto space =
        std::find_if(kSpaces.begin(), kSpaces.end(), [&](std::string_view s) { return text.starts_with(s); });
    if (space == kSpaces.end()) return false;
    text.remove_prefix(space->size());
  }
  return true;
}

bool fits(std::string_view format, std::string_view text) {
  const std::span<const NamedFormat> all = named_formats();
  std::vector<std::string> problems;
  std::find_if(all.begin(), all.end(), [&](const NamedFormat& row) {
    return row.name == format;
  })->validate(text, problems);
  return problems.empty();
}

// The question of the receiver with the argument as `part`, as a value of `kind`.
template <std::string_view AccessQuestion::* part, TypeKind kind>
Datum with(Frame& frame, Arguments arguments) {
  AccessQuestion question = opaque_of<Asking>(arguments[0]).question;
  question.*part = text_of(arguments[1]);
  return keep_asking(frame.memory(), kind, question);
}

Datum path(Frame& frame, Arguments arguments) {
  if (blank(text_of(arguments[1]))) return Datum::error("path must not be empty");
  return with<&AccessQuestion::path, TypeKind::path_check>(frame, arguments);
}

Datum resource(Frame& frame, Arguments arguments) {
  if (blank(text_of(arguments[1]))) return Datum::error("resource must not be empty");
  return with<&AccessQuestion::resource, TypeKind::resource_check>(frame, arguments);
}

Datum service_account(Frame& frame, Arguments arguments) {
  if (!fits("dns1123Subdomain", text_of(arguments[2]))) return Datum::error("Invalid service account name");
  if (!fits("dns1123Label", text_of(arguments[1]))) return Datum::error("Invalid service account namespace");
  AccessQuestion question;
  question.account_namespace = text_of(arguments[1]);
  question.account = text_of(arguments[2]);
  return keep_asking(frame.memory(), TypeKind::authorizer, question);
}

Datum check(Frame& frame, Arguments arguments) {
  AccessQuestion question = opaque_of<Asking>(arguments[0]).question;
  question.verb = text_of(arguments[1]);
  const AccessDecision decision = frame.host->authorize(question, frame.scratch);
  if (decision.access == Access::unknown) return Datum::unknown(decision.reason);
  return keep_opaque(frame.memory(), Decided{{TypeKind::decision}, decision});
}

const AccessDecision& decision_at(Arguments arguments) { return opaque_of<Decided>(arguments[0]).decision; }

Datum allowed(Frame&, Arguments arguments) { return Datum::boolean(decision_at(arguments).access == Access::allowed); }
Datum reason(Frame&, Arguments arguments) { return Datum::string(decision_at(arguments).reason); }
Datum errored(Frame&, Arguments arguments) { return Datum::boolean(!decision_at(arguments).error.empty()); }
Datum error(Frame&, Arguments arguments) { return Datum::string(decision_at(arguments).error); }

// Two checks fit into one expression.
constexpr std::uint64_t kCheckCost = 350'000;
std::uint64_t check_units(Arguments, const Datum&) { return kCheckCost; }
CallEstimate check_estimate(std::span<const Operand>) { return {exactly(kCheckCost), {}}; }
constexpr CostRule kCheck = cost::by_name(check_units, check_estimate);

// Reading a selector, and keeping a requirement for every two characters of it.
Bounds selector_cost(Bounds length) { return exactly(10) + length * cost::kWalk + length * 0.5 * 50.0; }
std::uint64_t selector_units(Arguments arguments, const Datum&) {
  return selector_cost(exactly(cost_size(arguments[1]))).most;
}
CallEstimate selector_estimate(std::span<const Operand> operands) { return {selector_cost(operands[1].size), {}}; }
constexpr CostRule kSelector = cost::by_name(selector_units, selector_estimate);

using Q = AccessQuestion;
constexpr TypeKind kResource = TypeKind::resource_check;

constexpr std::array kAuthorizerOverloads = std::to_array<Overload>({
    {"path", "authorizer.(string) -> pathcheck", path, cost::kOne, 28},
    {"group", "authorizer.(string) -> groupcheck", with<&Q::group, TypeKind::group_check>, cost::kOne, 28},
    {"serviceAccount", "authorizer.(string, string) -> authorizer", service_account, cost::kOne, 28},
    {"resource", "groupcheck.(string) -> resourcecheck", resource, cost::kOne, 28},
    {"subresource", "resourcecheck.(string) -> resourcecheck", with<&Q::subresource, kResource>, cost::kOne, 28},
    {"namespace", "resourcecheck.(string) -> resourcecheck", with<&Q::name_space, kResource>, cost::kOne, 28},
    {"name", "resourcecheck.(string) -> resourcecheck", with<&Q::name, kResource>, cost::kOne, 28},
    {"fieldSelector", "resourcecheck.(string) -> resourcecheck", with<&Q::field_selector, kResource>, kSelector, 32},
    {"labelSelector", "resourcecheck.(string) -> resourcecheck", with<&Q::label_selector, kResource>, kSelector, 32},
    {"check", "pathcheck.(string) -> decision", check, kCheck, 28},
    {"check", "resourcecheck.(string) -> decision", check, kCheck, 28},
    {"allowed", "decision.() -> bool", allowed, cost::kOne, 28},
    {"reason", "decision.() -> string", reason, cost::kOne, 28},
    {"errored", "decision.() -> bool", errored, cost::kOne, 28},
    {"error", "decision.() -> string", error, cost::kOne, 28},
});

}  // namespace

std::span<const Overload> authorizer_library() { return kAuthorizerOverloads; }

AccessDecision Host::authorize(const AccessQuestion&, Scratch&) {
  return {Access::unknown, "nobody here can say what the API server would allow", {}};
}

Datum Datum::authorizer(Scratch& scratch) { return keep_asking(scratch.memory(), TypeKind::authorizer, {}); }

Datum Datum::resource_check(const AccessQuestion& question, Scratch& scratch) {
  return keep_asking(scratch.memory(), TypeKind::resource_check, question);
}

}  // namespace posture::cel
