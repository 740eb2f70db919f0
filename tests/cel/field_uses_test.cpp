// SPDX-License-Identifier: Apache-2.0
// Which fields an expression selects, through macros and optionals, and where they stand.
#include <catch2/catch.hpp>

#include "posture/cel.h"

using namespace posture;

namespace {

/// Each use as "variable.field.[]", with `?` behind optional ones.
std::vector<std::string> uses(const std::string& source) {
  const cel::Environment names = {{{"object", {}}, {"variables.pod", {}}, {"item", {}}}, {}};
  std::vector<std::string> found;
  for (const cel::FieldUse& use : cel::field_uses(names, source)) {
    std::string text = names.variables[use.path.variable].name;
    for (const std::string& field : use.path.fields) text += "." + field;
    CHECK(source.substr(use.offset, use.path.fields.back().size()) == use.path.fields.back());
    found.push_back(text + (use.optional ? "?" : ""));
  }
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("fields are followed through macros") {
  CHECK(uses("object.a.?b") == Texts{"object.a", "object.a.b?"});
  CHECK(uses("has(item.a.b)") == Texts{"item.a", "item.a.b?"});
  CHECK(uses("item['a'][?'b c']") == Texts{"item.a", "item.a.b c?"});
  CHECK(uses("item.?ports.orValue([]).all(p, p.?port.orValue(0) == 0)") == Texts{"item.ports?", "item.ports.[].port?"});
  CHECK(uses("variables.pod.a.filter(x, x.b).map(x, x.c).exists(y, y.d)") ==
        Texts{"variables.pod.a", "variables.pod.a.[].b", "variables.pod.a.[].c", "variables.pod.a.[].c.d"});
  CHECK(uses("[?item.?a, ?variables.pod.?b].all(p, p.?c.hasValue())") ==
        Texts{"item.a?", "variables.pod.b?", "item.a.c?", "variables.pod.b.c?"});
  CHECK(uses("item.?a.optMap(x, x.b).orValue(0) == 0") == Texts{"item.a?", "item.a.b"});
  CHECK(uses("item.?a.or(object.?b).?c.hasValue()") == Texts{"item.a?", "object.b?", "item.a.c?", "object.b.c?"});
  CHECK(uses("(object.x ? item : variables.pod).y[0].z") ==
        Texts{"object.x", "item.y", "variables.pod.y", "item.y.[].z", "variables.pod.y.[].z"});
  CHECK(uses("item.l.all(object, object.b)") == Texts{"item.l", "item.l.[].b"});
  CHECK(uses("'x' in item.l || object.a in item.l") == Texts{"item.l.x?", "item.l", "object.a", "item.l"});
  CHECK(uses("{'k': item.a, 'l': [object.b]}.k.c") == Texts{"item.a", "object.b", "item.a.c"});
  CHECK(uses("[{'k': item}].map(m, m.k.a)") == Texts{"item.a"});
  CHECK(uses("{'k': item}['l'].a").empty());
  CHECK(uses("1 + 1 == 2").empty());
  CHECK(uses("item.").empty());
}
