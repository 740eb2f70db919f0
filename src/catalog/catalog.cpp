// SPDX-License-Identifier: Apache-2.0
#include "posture/catalog.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/sha256.h"
#include "catalog/read.h"

namespace posture {

namespace {

constexpr std::array<const char*, kSeverities> kSeverityNames = {"info", "low", "medium", "high", "critical"};

template <typename Entry>
const Entry* find_by_id(const std::vector<Entry>& entries, std::string_view id) {
  const auto found = std::lower_bound(entries.begin(), entries.end(), id,
                                      [](const Entry& entry, std::string_view wanted) { return entry.id < wanted; });
  return found != entries.end() && found->id == id ? &*found : nullptr;
}

template <typename Entry>
void sort_unique(std::vector<Entry>& entries, const char* what) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.id < b.id; });
  const auto twin =
      std::adjacent_find(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.id == b.id; });
  if (twin != entries.end()) throw Error(ErrorKind::input, std::string("two ") + what + " have the id " + twin->id);
}

void add_check_text(const Check& check, std::string& text) {
  for (const std::string* part :
       {&check.id, &check.control, &check.where, &check.expect, &check.message, &check.each.name}) {
    text += *part + '\n';
  }
  text += to_string(check.severity);
  for (const std::string& list : check.each.lists) text += list + ',';
  for (const KindName& kind : check.match) text += to_string(kind) + ',';
  for (const auto& [name, value] : check.params) {
    text += name + '=';
    write_json(value, text);
  }
}

std::string digest(const Catalog& catalog) {
  std::string text;
  for (const Check& check : catalog.checks) add_check_text(check, text);
  for (const Framework& framework : catalog.frameworks) {
    for (const Requirement& requirement : framework.requirements) {
      text += framework.id + ' ' + requirement.id;
      for (const std::string& control : requirement.controls) text += ' ' + control;
      text += '\n';
    }
  }
  return sha256_hex(text);
}

}  // namespace

const char* to_string(Severity severity) { return kSeverityNames[static_cast<std::size_t>(severity)]; }

Severity parse_severity(std::string_view text, const std::string& where) {
  const auto found = std::find(kSeverityNames.begin(), kSeverityNames.end(), text);
  if (found == kSeverityNames.end()) {
    throw Error(ErrorKind::input, where + ": severity must be one of critical, high, medium, low, info");
  }
  return static_cast<Severity>(found - kSeverityNames.begin());
}

std::string to_string(const KindName& kind) { return kind.group.empty() ? kind.kind : kind.group + "/" + kind.kind; }

KindName parse_kind_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {"", std::string(text)};
  return {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

const Check* Catalog::find(std::string_view id) const {
  const std::vector<const Check*> found = find_all(id);
  return found.empty() ? nullptr : found.front();
}

std::vector<const Check*> Catalog::find_all(std::string_view id_or_alias) const {
  if (const Check* check = find_by_id(checks, id_or_alias)) return {check};
  std::vector<const Check*> found;
  for (const Check& check : checks) {
    const bool named = check.control == id_or_alias ||
                       std::find(check.aliases.begin(), check.aliases.end(), id_or_alias) != check.aliases.end();
    if (named) found.push_back(&check);
  }
  return found;
}

const Framework* Catalog::framework(std::string_view id) const { return find_by_id(frameworks, id); }
const Control* Catalog::control(std::string_view id) const { return find_by_id(controls, id); }

void finish_catalog(Catalog& catalog) {
  sort_unique(catalog.checks, "checks");
  sort_unique(catalog.controls, "controls");
  sort_unique(catalog.frameworks, "frameworks");
  for (const Check& check : catalog.checks) {
    if (catalog.control(check.control) == nullptr) {
      throw Error(ErrorKind::input, check.file + ": control: " + check.control + " is not in controls.tsv");
    }
  }
  for (const Framework& framework : catalog.frameworks) {
    for (const Requirement& requirement : framework.requirements) {
      for (const std::string& control : requirement.controls) {
        if (catalog.control(control) != nullptr) continue;
        throw Error(ErrorKind::input,
                    framework.id + " " + requirement.id + ": control " + control + " is not in controls.tsv");
      }
    }
  }
  catalog.digest = digest(catalog);
}

}  // namespace posture
