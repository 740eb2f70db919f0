// SPDX-License-Identifier: Apache-2.0
#include "evaluate/compile.h"

#include <algorithm>
#include <map>

#include "evaluate/elements.h"
#include "evaluate/environment.h"
#include "posture/analysis.h"
#include "posture/error.h"

namespace posture {

namespace {

const cel::Type kBool = {cel::TypeKind::boolean, {}};
const cel::Type kString = {cel::TypeKind::string, {}};

std::unique_ptr<cel::Program> compile_field(const Check& check, const cel::Environment& names, const char* field,
                                            const std::string& text) {
  const bool is_message = std::string_view(field) == "message";
  cel::Compilation compilation = cel::compile(names, text, is_message ? kString : kBool);
  if (compilation.program) return std::move(compilation.program);
  throw Error(ErrorKind::input, check.file + ": " + field + ": " + cel::describe(compilation.problems.front(), text));
}

void add_needs(const cel::Program& program, CompiledCheck& compiled) {
  const std::span<const FactDeclaration> facts = fact_declarations();
  for (const std::size_t variable : program.variables()) {
    if (variable < kFirstFact || variable >= kFirstFact + facts.size()) continue;
    const std::vector<KindName>& reads = facts[variable - kFirstFact].reads;
    compiled.fact_reads.insert(compiled.fact_reads.end(), reads.begin(), reads.end());
  }
  compiled.asks_api_server |= !program.functions().empty();
}

/// Where a variable's fields are, seen from the object; the element's are relative to it.
std::string prefix(std::size_t variable) {
  switch (variable) {
    case kPodSpec: return "spec.";
    case kPodMetadata: return "metadata.";
    case kPodSecurityContext: return "spec.securityContext.";
    default: return "";
  }
}

bool has_fields(std::size_t variable, const Check& check) {
  return variable <= kPodSecurityContext || (!check.each.name.empty() && variable == element_index(check));
}

std::vector<std::pair<std::string, cel::FieldPath>> observed_fields(const CompiledCheck& compiled) {
  std::map<std::string, cel::FieldPath> fields;
  for (const cel::FieldPath& path : compiled.expect->field_paths()) {
    if (path.fields.empty() || !has_fields(path.variable, *compiled.check)) continue;
    std::string name = prefix(path.variable);
    for (const std::string& field : path.fields) name += (&field == &path.fields.front() ? "" : ".") + field;
    fields.insert_or_assign(name, path);
  }
  return {fields.begin(), fields.end()};
}

std::vector<const cel::Program*> programs(const CompiledCheck& compiled) {
  std::vector<const cel::Program*> all = {compiled.expect.get(), compiled.message.get()};
  if (compiled.where) all.push_back(compiled.where.get());
  return all;
}

/// Adds what a path reads of the pod spec; false when that is more than some of its fields.
bool add_spec_fields(const cel::FieldPath& path, std::set<std::string>& fields) {
  if (path.variable == kPodSpec && path.fields.empty()) return false;
  if (path.variable >= kFirstFact && path.variable < first_param()) return false;
  if (path.variable >= first_param()) return true;  // constants, and the element, whose lists are known
  switch (path.variable) {
    case kPodSpec: fields.insert(path.fields.front()); return true;
    case kPodSecurityContext: fields.insert("securityContext"); return true;
    case kContainers: fields.insert("containers"); return true;
    case kAllContainers: fields.insert({"containers", "initContainers", "ephemeralContainers"}); return true;
    case kVolumes: fields.insert("volumes"); return true;
    case kWindows: fields.insert("os"); return true;
    default: return false;
  }
}

std::optional<std::set<std::string>> spec_fields(const CompiledCheck& compiled) {
  const ElementLists lists = element_lists(compiled.check->each);
  if (!compiled.check->matches_workload || compiled.asks_api_server || !lists.in_pod) return std::nullopt;
  std::set<std::string> fields(lists.fields.begin(), lists.fields.end());
  for (const cel::Program* program : programs(compiled)) {
    for (const cel::FieldPath& path : program->field_paths()) {
      if (!add_spec_fields(path, fields)) return std::nullopt;
    }
  }
  return fields;
}

/// Of an object. The whole of it is more.
bool is_metadata(const cel::FieldPath& path) {
  if (path.fields.empty()) return false;
  const std::string& field = path.fields.front();
  return field == "metadata" || field == "apiVersion" || field == "kind";
}

bool only_metadata(const CompiledCheck& compiled) {
  if (compiled.asks_api_server || !compiled.check->each.name.empty()) return false;
  for (const cel::Program* program : programs(compiled)) {
    for (const std::size_t variable : program->variables()) {
      if (variable != kObject && variable < kFirstFact) return false;
    }
    for (const cel::FieldPath& path : program->field_paths()) {
      if (path.variable == kObject && !is_metadata(path)) return false;
    }
  }
  return true;
}

bool reads_status(const CompiledCheck& compiled) {
  for (const cel::Program* program : programs(compiled)) {
    for (const cel::FieldPath& path : program->field_paths()) {
      if (path.variable == kObject && (path.fields.empty() || path.fields.front() == "status")) return true;
    }
  }
  return false;
}

}  // namespace

CompiledCheck compile_check(const Check& check, std::uint32_t index) {
  const cel::Environment names = environment(check);
  CompiledCheck compiled;
  compiled.check = &check;
  compiled.index = index;
  if (!check.where.empty()) compiled.where = compile_field(check, names, "where", check.where);
  compiled.expect = compile_field(check, names, "expect", check.expect);
  compiled.message = compile_field(check, names, "message", check.message);
  if (compiled.where) add_needs(*compiled.where, compiled);
  add_needs(*compiled.expect, compiled);
  std::vector<KindName>& reads = compiled.fact_reads;
  std::sort(reads.begin(), reads.end());
  reads.erase(std::unique(reads.begin(), reads.end()), reads.end());
  const bool is_api_server = check.match == std::vector<KindName>{{"", kApiServerKind}};
  if (compiled.asks_api_server && !is_api_server) {
    throw Error(ErrorKind::input, check.file + ": apiserver.flag can only be asked by a check with `match: APIServer`");
  }
  compiled.observed = observed_fields(compiled);
  compiled.spec_fields = spec_fields(compiled);
  compiled.reads_status = reads_status(compiled);
  compiled.only_metadata = only_metadata(compiled);
  return compiled;
}

std::vector<CompiledCheck> compile_checks(const Catalog& catalog) {
  std::vector<CompiledCheck> compiled;
  compiled.reserve(catalog.checks.size());
  for (std::uint32_t i = 0; i < catalog.checks.size(); ++i) compiled.push_back(compile_check(catalog.checks[i], i));
  return compiled;
}

}  // namespace posture
