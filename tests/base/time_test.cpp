// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <catch2/catch.hpp>

TEST_CASE("RFC 3339 times") {
  struct Row {
    const char* text;
    const char* utc;  // "" for none
  };
  const Row rows[] = {
      {"2026-01-31T23:59:59Z", "2026-01-31T23:59:59Z"},
      {"2026-01-31t23:59:59z", "2026-01-31T23:59:59Z"},
      {"2026-01-31T23:59:59.123456789Z", "2026-01-31T23:59:59Z"},
      {"2026-01-31T23:59:59+01:30", "2026-01-31T22:29:59Z"},
      {"2026-01-31T23:59:59-00:30", "2026-02-01T00:29:59Z"},
      {"2999-01-01T00:00:00Z", "2262-04-11T23:47:16Z"},
      {"0001-01-01T00:00:00Z", "1677-09-21T00:12:44Z"},
      {"", ""},
      {"2026-01-31", ""},
      {"2026-01-31T23:59:59", ""},
      {"2026-01-31 23:59:59Z", ""},
      {"2026-13-31T23:59:59Z", ""},
      {"2026-01-31T23:59:59.Z", ""},
      {"2026-01-31T23:59:59+1:00", ""},
      {"2026-01-31T23:59:59+24:00", ""},
      {"2026-01-31T23:59:59Zx", ""},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const auto time = posture::parse_rfc3339(row.text);
    CHECK((time ? posture::rfc3339(*time) : "") == row.utc);
  }
}

TEST_CASE("durations as kubectl takes them") {
  struct Row {
    const char* text;
    int milliseconds;  // -1 for none
  };
  const Row rows[] = {
      {"7", 7000}, {"0", 0},   {"90s", 90'000}, {"1h30m", 5'400'000}, {"250ms", 250}, {"1m500ms", 60'500},
      {"", -1},    {"m", -1},  {"-1s", -1},     {"1d", -1},           {"1m7", -1},    {"99999999999s", -1},
      {"1 s", -1}, {"1s ", -1}};
  for (const Row& row : rows) {
    INFO(row.text);
    const auto duration = posture::parse_duration(row.text);
    CHECK((duration ? duration->count() : -1) == row.milliseconds);
  }
}
