// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <catch2/catch.hpp>

using posture::is_ascii;
using posture::valid_utf8_prefix;

TEST_CASE("valid UTF-8") {
  for (const char* good : {"", "plain ascii text", "é€😀 mixed", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
    CHECK(valid_utf8_prefix(good) == std::string(good).size());
  }
  const std::pair<std::string, std::size_t> rows[] = {{"12345678\x80", 8},     {"a\xC0\x80", 1}, {"\xED\xA0\x80", 0},
                                                      {"\xF4\x90\x80\x80", 0}, {"é\xE2\x82", 2}, {"\xF8\x88", 0},
                                                      {"\xE0\x80\x80", 0}};
  for (const auto& [text, prefix] : rows) CHECK(valid_utf8_prefix(text) == prefix);
}

TEST_CASE("ASCII, at every place of a text") {
  CHECK(is_ascii(""));
  for (std::size_t size = 1; size < 20; ++size) {
    std::string text(size, '\x7f');
    CHECK(is_ascii(text));
    for (std::size_t i = 0; i < size; ++i) {
      text[i] = '\x80';
      CHECK_FALSE(is_ascii(text));
      text[i] = 'a';
    }
  }
}
