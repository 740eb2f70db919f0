// SPDX-License-Identifier: Apache-2.0
// Keeps what a list delivers, and holds the promises of ListSink.
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "posture/source.h"

class RecordingSink : public posture::ListSink {
 public:
  explicit RecordingSink(std::size_t requests) : lists(requests) {}

  struct List {
    std::vector<std::string> names;
    std::optional<posture::Gap> gap;
    int restarts = 0;
    int ends = 0;
  };
  std::vector<List> lists;

  void item(std::size_t request, posture::Item item) override {
    REQUIRE(lists.at(request).ends == 0);
    REQUIRE(item.bytes.size() >= item.size + posture::kJsonPadding);
    const posture::Value root(parser_.parse(item.text()));
    lists.at(request).names.emplace_back(root["metadata"]["name"].text());
  }
  void restart(std::size_t request) override {
    REQUIRE(lists.at(request).ends == 0);
    ++lists.at(request).restarts;
    lists.at(request).names.clear();
  }
  void end(std::size_t request, const std::optional<posture::Gap>& gap) override {
    ++lists.at(request).ends;
    lists.at(request).gap = gap;
  }

 private:
  posture::JsonParser parser_;
};
