// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_place.h"

#include <catch2/catch.hpp>

using namespace posture;

TEST_CASE("a place in a scalar's value is found in every style of YAML") {
  const std::string style =
      GENERATE("key: one TWO three\n", "key: one\n  TWO three\n", "key: 'one TWO three'\n", "key: 'it''s TWO'\n",
               "key: \"one TWO\"\n", "key: \"\\\"a\\\" \\x41\\u00e9 TWO\"\n", "key: >-\n  one\n  TWO three\n",
               "key: |\n\n    one\n    TWO\n", "key: # why\n  one TWO\n", "key: \"é TWO\"\n");
  CAPTURE(style);
  const std::vector<YamlDocument> documents = parse_yaml(style, "test.yaml");
  const Value value = documents.front().root()["key"];
  const std::size_t offset = value.text().find("TWO");
  const YamlMark found = place_in_scalar(style, documents.front().mark(value), value.text(), offset);
  const std::size_t at = style.find("TWO");
  const std::size_t start = style.rfind('\n', at) + 1;
  std::size_t column = 1;
  for (std::size_t i = start; i < at; ++i) column += (static_cast<unsigned char>(style[i]) & 0xC0u) == 0x80u ? 0 : 1;
  CHECK(found.column == column);
  CHECK(line_of(style, found.line).find("TWO") == at - start);
}
