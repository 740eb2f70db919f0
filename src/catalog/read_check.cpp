// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "catalog/read.h"

namespace posture {

namespace {

const std::array<KindName, 8> kWorkloadKinds = {{{"", "Pod"},
                                                 {"", "ReplicationController"},
                                                 {"apps", "DaemonSet"},
                                                 {"apps", "Deployment"},
                                                 {"apps", "ReplicaSet"},
                                                 {"apps", "StatefulSet"},
                                                 {"batch", "CronJob"},
                                                 {"batch", "Job"}}};
constexpr std::array<std::string_view, 4> kEachNames = {"container", "volume", "rule", "subject"};
const std::vector<std::string> kContainerLists = {"containers", "initContainers", "ephemeralContainers"};

void read_match(Fields& fields, Check& check) {
  const Value match = fields.value("match");
  if (match.text() == "workload") {
    check.matches_workload = true;
    check.match.assign(kWorkloadKinds.begin(), kWorkloadKinds.end());
    return;
  }
  for (const std::string& kind : fields.texts("match")) check.match.push_back(parse_kind_name(kind));
  std::sort(check.match.begin(), check.match.end());
  if (check.match.empty()) fields.fail("match", "must be `workload` or name at least one kind");
}

void read_each(Fields& fields, Check& check) {
  const Value each = fields.value("each");
  if (!each.present()) return;
  check.each.name = each.is_map() && each.size() == 1 ? each.members()[0].key : each.text();
  if (std::find(kEachNames.begin(), kEachNames.end(), check.each.name) == kEachNames.end()) {
    fields.fail("each", "must be one of container, volume, rule, subject");
  }
  if (check.each.name != "container") return;
  check.each.lists = kContainerLists;
  if (!each.is_map()) return;
  check.each.lists.clear();
  const Value lists(&each.members()[0].node);
  for (std::size_t i = 0; i < lists.size(); ++i) check.each.lists.emplace_back(lists.at(i).text());
  for (const std::string& list : check.each.lists) {
    if (std::find(kContainerLists.begin(), kContainerLists.end(), list) == kContainerLists.end()) {
      fields.fail("each", "knows the lists containers, initContainers and ephemeralContainers");
    }
  }
}

void read_params(Fields& fields, Check& check) {
  const Value params = fields.value("params");
  if (params.present() && !params.is_map()) fields.fail("params", "must be a map of names to constants");
  for (const Member& member : params.members()) check.params.emplace_back(member.key, Value(&member.node));
}

void read_examples(Fields& fields, Check& check, const Place& place) {
  check.examples = fields.value("examples");
  Fields examples(check.examples, place);
  for (const char* outcome : {"pass", "fail"}) {
    if (examples.value(outcome).size() == 0) examples.fail(outcome, "at least one example is required");
  }
  examples.value("not-applicable");
  examples.finish();
}

}  // namespace

Check read_check(Value map, const std::string& id, const Place& place) {
  Fields fields(map, place);
  Check check;
  check.id = id;
  check.file = place(map);
  fields.expect_integer("format", 1);
  check.title = fields.text("title");
  check.control = fields.text("control");
  check.severity = parse_severity(fields.text("severity"), check.file);
  check.why = fields.text("why");
  check.fix = fields.text("fix");
  read_match(fields, check);
  read_each(fields, check);
  check.where = fields.optional_text("where");
  check.expect = fields.text("expect");
  check.message = fields.text("message");
  read_params(fields, check);
  check.aliases = fields.texts("aliases");
  check.links = fields.texts("links");
  read_examples(fields, check, place);
  check.patch = fields.value("patch");
  fields.finish();
  return check;
}

}  // namespace posture
