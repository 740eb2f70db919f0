// SPDX-License-Identifier: Apache-2.0
#include "evaluate/host.h"

#include "base/tree.h"

namespace posture {

namespace {

Node empty_node(ValueType type) {
  Node node;
  node.type = type;
  node.elements = nullptr;
  return node;
}

Value empty_list() {
  static const Node kEmpty = empty_node(ValueType::list);
  return Value(&kEmpty);
}

Value empty_map() {
  static const Node kEmpty = empty_node(ValueType::map);
  return Value(&kEmpty);
}

Value or_else(Value value, Value otherwise) { return value.present() && !value.is_null() ? value : otherwise; }

}  // namespace

Value CheckHost::all_containers() {
  if (all_containers_.present()) return all_containers_;
  TreeBuilder tree(arena_);
  const std::size_t first = tree.open();
  for (const char* list : {"containers", "initContainers", "ephemeralContainers"}) {
    for (const Node& node : subject_.workload->spec[list].elements()) tree.add({{}, node});
  }
  Node* node = arena_.make_array<Node>(1);
  *node = tree.close_list(first);
  return all_containers_ = Value(node);
}

Value CheckHost::value(std::size_t index) {
  if (index == kObject) return subject_.object.root;
  if (index == element_index(*check_)) return element_;
  if (index >= first_param() && index < element_index(*check_)) return check_->params[index - first_param()].second;
  if (subject_.workload == nullptr) return {};
  const Value spec = subject_.workload->spec;
  switch (index) {
    case kPodSpec: return spec;
    case kPodMetadata: return or_else(subject_.workload->metadata, empty_map());
    case kPodSecurityContext: return or_else(spec["securityContext"], empty_map());
    case kContainers: return or_else(spec["containers"], empty_list());
    case kVolumes: return or_else(spec["volumes"], empty_list());
    case kAllContainers: return all_containers();
    default: return {};
  }
}

cel::Datum CheckHost::variable(std::size_t index, cel::Scratch& scratch) {
  if (index == kWindows && subject_.workload != nullptr) {
    return cel::Datum::boolean(subject_.workload->spec["os"]["name"].text() == "windows");
  }
  if (index == kAuthorizer) return cel::Datum::authorizer(scratch);
  if (index == kRequestResource) return cel::Datum::unknown("no request is being judged");
  if (index >= kFirstFact && index < first_param()) {
    const FactQuery query = {subject_.facts, subject_.reads, subject_.object, subject_.workload, scratch};
    return fact_declarations()[index - kFirstFact].value(query, missing_read_);
  }
  const Value found = value(index);
  return found.present() ? cel::Datum::json(found) : cel::Datum::error("this kind has no pod template");
}

cel::Datum CheckHost::call(std::size_t /*function*/, std::span<const cel::Datum> arguments, cel::Scratch& scratch) {
  if (subject_.api_server == nullptr) return cel::Datum::error("apiserver.flag: no API server is being judged");
  const auto& flags = subject_.api_server->flags;
  const auto found = flags.find(arguments[0].text());
  if (found == flags.end()) return cel::Datum::none();
  return cel::Datum::some(cel::Datum::string(found->second), scratch);
}

}  // namespace posture
