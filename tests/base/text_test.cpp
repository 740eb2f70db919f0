// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <catch2/catch.hpp>

using namespace posture;

TEST_CASE("what could act on a terminal is shown instead") {
  struct Row {
    std::string text, shown;
  };
  const auto row = GENERATE(values<Row>({
      {"plain-name.1", "plain-name.1"},
      {"\x1b[31mred", "\\u001B[31mred"},
      {"a\nb\tc", "a\\u000Ab\\u0009c"},
      {"\x7f", "\\u007F"},
      {"\u009b31m", "\\u009B31m"},
      {"user\u202egnp.exe", "user\\u202Egnp.exe"},
      {"zero\u200bwidth", "zero\\u200Bwidth"},
      {"tag\U000e0041", "tag\\uDB40\\uDC41"},
      {"Grüße 名前 🙂", "Grüße 名前 🙂"},
      {"a\xff\xfe", "a\uFFFD\uFFFD"},
      {"cut \xe5\x90", "cut \uFFFD\uFFFD"},
      {"", ""},
  }));
  CHECK(escape_controls(row.text) == row.shown);
  CHECK(escape_controls(row.shown) == row.shown);
}

TEST_CASE("width is counted in columns") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("Grüße") == 5);
  CHECK(display_width("名前") == 4);
  CHECK(display_width("🙂") == 2);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("…█░") == 3);
}

TEST_CASE("the middle gives way") {
  CHECK(shorten_middle("abcdefghij", 10) == "abcdefghij");
  CHECK(shorten_middle("abcdefghij", 7) == "abc…hij");
  CHECK(shorten_middle("abcdefghij", 6) == "abc…ij");
  CHECK(shorten_middle("abcdefghij", 7, "...") == "ab...ij");
  CHECK(shorten_middle("abcdefghij", 1) == "a");
  CHECK(shorten_middle("abcdefghij", 0) == "");
  CHECK(shorten_middle("名前名前名前", 7) == "名…前");
  CHECK(shorten_end("abcdefghij", 5) == "abcd…");
  CHECK(shorten_end("abcdefghij", 2, "...") == "..");
}

TEST_CASE("shortened text fits and stays whole characters, whatever the width") {
  const std::string text = "e\u0301名🙂ab\u0301c前-x名前e\u0301";
  for (std::size_t width = 0; width < 20; ++width) {
    CHECK(display_width(shorten_middle(text, width)) <= width);
    CHECK(display_width(shorten_end(text, width)) <= width);
    CHECK(escape_controls(shorten_middle(text, width)) == shorten_middle(text, width));
  }
}

TEST_CASE("lines break at spaces, and within words that are too long") {
  CHECK(wrap("the quick brown fox", 10) == std::vector<std::string>{"the quick", "brown fox"});
  CHECK(wrap("the quick", 9) == std::vector<std::string>{"the quick"});
  CHECK(wrap("abcdefgh ij", 4) == std::vector<std::string>{"abcd", "efgh", "ij"});
  CHECK(wrap("", 4) == std::vector<std::string>{""});
  CHECK(wrap("名前名前", 5) == std::vector<std::string>{"名前", "名前"});
  CHECK(wrap("名", 1) == std::vector<std::string>{"名"});
}

TEST_CASE("columns and numbers") {
  CHECK(pad_right("名", 4) == "名  ");
  CHECK(pad_left("7", 3) == "  7");
  CHECK(pad_left("long", 3) == "long");
  CHECK(with_separators(0) == "0");
  CHECK(with_separators(999) == "999");
  CHECK(with_separators(1234567) == "1,234,567");
  CHECK(plural(1, "object") == "1 object");
  CHECK(plural(3412, "object") == "3,412 objects");
}

TEST_CASE("lines are escaped one by one") {
  CHECK(escape_lines("a\n  ^\n") == "a\n  ^\n");
  CHECK(escape_lines("a\x1b[2J\nb") == "a\\u001B[2J\nb");
  CHECK(escape_lines("").empty());
}

TEST_CASE("text from outside is shown on one harmless line") {
  CHECK(printable("pods \"a\" is\n\tforbidden \r\n", 100) == "pods \"a\" is forbidden");
  CHECK(printable("\x1b[31mred\x07", 100) == "\\u001B[31mred\\u0007");
  CHECK(printable("a\xE2\x80\xAE"
                  "b\xff",
                  100) == "a\\u202Eb\xEF\xBF\xBD");
  CHECK(printable("\xC2\x9B"
                  "x",
                  100) == "\\u009Bx");
  CHECK(printable("abcdef", 3) == "abc…");
  CHECK(printable("abc", 3) == "abc");
}
