// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <catch2/catch.hpp>

using posture::decode_base64;
using posture::encode_base64;

TEST_CASE("base64 both ways, RFC 4648 section 10") {
  const std::pair<std::string, std::string> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"},
                                                      {"\xff\xfe", "//4="}};
  for (const auto& [bytes, text] : rows) {
    CHECK(encode_base64(bytes) == text);
    CHECK(decode_base64(text) == bytes);
  }
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  CHECK(decode_base64(encode_base64(all)) == all);
}

TEST_CASE("base64 that is not") {
  CHECK(decode_base64("Zm9v\r\nYg==\n") == "foob");
  for (const char* bad : {"Z", "Zg", "Zg=", "Zg===", "Z===", "=", "====", "Zm9v Yg==", "Zm-_", "Zg==Zg==", "Zm9v="}) {
    CHECK_FALSE(decode_base64(bad).has_value());
  }
}
