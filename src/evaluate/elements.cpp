// SPDX-License-Identifier: Apache-2.0
#include "evaluate/elements.h"

#include <algorithm>

#include "base/json.h"
#include "base/sha256.h"

namespace posture {

namespace {

constexpr std::size_t kHashDigits = 8;
/// The kubelet's own token volume ends in five random letters; its stable path must not.
constexpr std::string_view kTokenVolume = "kube-api-access-";
constexpr std::size_t kTokenSuffix = 5;

void write_canonical(Value value, std::string& out) {
  if (!value.is_map()) return write_json(value, out);
  std::vector<const Member*> members;
  for (const Member& member : value.members()) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const Member* a, const Member* b) { return a->key < b->key; });
  out.push_back('{');
  for (const Member* member : members) {
    write_json_string(member->key, out);
    out.push_back(':');
    write_canonical(Value(&member->node), out);
    out.push_back(',');
  }
  out.push_back('}');
}

std::string content_hash(Value value) {
  std::string text;
  write_canonical(value, text);
  return sha256_hex(text).substr(0, kHashDigits);
}

std::string named(Value value) {
  const std::string_view name = value["name"].text();
  if (name.empty()) return content_hash(value);
  return std::string(without_token_suffix(name));
}

std::string subject_name(Value subject) {
  std::string name(subject["kind"].text());
  if (const std::string_view ns = subject["namespace"].text(); !ns.empty()) name.append(":").append(ns);
  return name.append(":").append(subject["name"].text());
}

void add_list(Value parent, std::string_view list, std::string (*name)(Value), bool in_pod, std::vector<Element>& out) {
  const Value values = parent[list];
  for (std::size_t i = 0; i < values.size() && values.is_list(); ++i)
    out.push_back({values.at(i), in_pod, list, i, name});
}

struct EachRow {
  std::string_view name;
  std::string_view list;
  std::string (*element_name)(Value);
  bool in_pod;
};
constexpr EachRow kEach[] = {
    {"volume", "volumes", named, true},
    {"rule", "rules", content_hash, false},
    {"subject", "subjects", subject_name, false},
};

}  // namespace

std::string_view without_token_suffix(std::string_view name) {
  const bool is_token = name.size() == kTokenVolume.size() + kTokenSuffix && name.starts_with(kTokenVolume);
  return is_token ? kTokenVolume.substr(0, kTokenVolume.size() - 1) : name;
}

bool may_name_token_volume(std::string_view text) { return text.find(kTokenVolume) != std::string_view::npos; }

ElementLists element_lists(const Each& each) {
  for (const EachRow& row : kEach) {
    if (row.name == each.name) return {{std::string(row.list)}, row.in_pod};
  }
  return {each.lists, true};
}

std::string Element::pointer() const {
  return list.empty() ? std::string() : "/" + std::string(list) + "/" + std::to_string(index);
}

std::string Element::path() const { return list.empty() ? std::string() : std::string(list) + "[" + name(value) + "]"; }

void list_elements(const Check& check, const Object& object, const Workload* workload, std::vector<Element>& out) {
  out.clear();
  const Value pod_spec = workload == nullptr ? Value() : workload->spec;
  if (check.each.name.empty()) {
    const bool in_pod = check.matches_workload;
    out.push_back({in_pod ? pod_spec : object.root, in_pod});
  }
  for (const std::string& list : check.each.lists) add_list(pod_spec, list, named, true, out);
  for (const EachRow& row : kEach) {
    if (row.name == check.each.name)
      add_list(row.in_pod ? pod_spec : object.root, row.list, row.element_name, row.in_pod, out);
  }
}

}  // namespace posture
