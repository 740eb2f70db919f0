// SPDX-License-Identifier: Apache-2.0
#include "source/client/list_cutter.h"

#include <catch2/catch.hpp>

#include "base/json.h"
#include "source/client/item_identity.h"

using posture::Item;
using posture::ListCutter;

namespace {

/// All that a page led to.
struct Cut {
  std::vector<std::string> items;
  std::vector<std::string> oversize;
  std::string envelope;
  std::string flaw;
  bool complete = false;
  bool saw_items = false;
  friend bool operator==(const Cut&, const Cut&) = default;
};

Cut cut(const std::vector<std::string_view>& chunks, std::size_t max_item = posture::kMaxItemBytes) {
  Cut result;
  ListCutter cutter(
      [&](const Item& item) {
        REQUIRE(item.bytes.size() >= item.size + posture::kJsonPadding);
        result.items.emplace_back(item.text());
      },
      [&](std::string_view beginning) { result.oversize.emplace_back(beginning); }, max_item);
  for (const std::string_view chunk : chunks) {
    if (!cutter.feed(chunk)) break;
  }
  result.flaw = cutter.flaw();
  result.complete = cutter.complete();
  result.saw_items = cutter.saw_items();
  result.envelope = cutter.envelope();
  return result;
}

Cut whole(const std::string& page) { return cut({page}); }

std::vector<std::string_view> pieces(std::string_view page, std::size_t size) {
  std::vector<std::string_view> chunks;
  for (std::size_t at = 0; at < page.size(); at += size) chunks.push_back(page.substr(at, size));
  return chunks;
}

const std::string kTricky =
    " {\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"5\",\"continue\":\"a\\\"]}\"},"
    "\"x\":[{\"items\":[{}]}],\"items\":[ {\"a\":\"}\\\\\"},\n{\"b\":[1,[2,{\"c\":\"\\\\\\\"{[\"}]]} ,{},{\"long\":\"" +
    std::string(150, 'x') + "\\\\\",\"n\":{\"m\":{}}}],\"after\":{\"items\":\"]\"}}\r\n";

}  // namespace

TEST_CASE("a page is cut into its items and its envelope") {
  const Cut result = whole(kTricky);
  CHECK(result.flaw.empty());
  CHECK(result.complete);
  CHECK(result.saw_items);
  REQUIRE(result.items.size() == 4);
  CHECK(result.items[0] == R"({"a":"}\\"})");
  CHECK(result.items[1] == R"({"b":[1,[2,{"c":"\\\"{["}]]})");
  CHECK(result.items[2] == "{}");
  const posture::JsonDocument envelope(result.envelope, "envelope");
  CHECK(envelope.root()["metadata"]["continue"].text() == "a\"]}");
  CHECK(envelope.root()["items"].is_list());
  CHECK(envelope.root()["items"].size() == 0);
  CHECK(envelope.root()["after"]["items"].text() == "]");
}

TEST_CASE("where a page is split makes no difference") {
  const Cut expected = whole(kTricky);
  for (std::size_t i = 0; i <= kTricky.size(); ++i) {
    const std::string_view page(kTricky);
    REQUIRE(cut({page.substr(0, i), page.substr(i)}) == expected);
    for (std::size_t j = i; j <= kTricky.size(); j += 7) {
      REQUIRE(cut({page.substr(0, i), page.substr(i, j - i), page.substr(j)}) == expected);
    }
  }
  for (std::size_t size = 1; size < 200; ++size) REQUIRE(cut(pieces(kTricky, size)) == expected);
}

TEST_CASE("keys in any order, items null, missing or empty") {
  struct Row {
    std::string page;
    std::size_t items;
    bool saw_items;
  };
  const std::vector<Row> rows = {
      {R"({"items":[{"a":1}],"metadata":{},"kind":"L"})", 1, true},
      {R"({"items":[],"kind":"L"})", 0, true},
      {R"({"items":[ ]})", 0, true},
      {R"({"items":null,"kind":"L"})", 0, false},
      {R"({"kind":"L"})", 0, false},
      {R"({"kind":"items","metadata":["items",[1]]})", 0, false},
      {R"({"metadata":{"items":[{}]}})", 0, false},
      {"{}", 0, false},
  };
  for (const Row& row : rows) {
    INFO(row.page);
    const Cut result = whole(row.page);
    CHECK(result.flaw.empty());
    CHECK(result.complete);
    CHECK(result.items.size() == row.items);
    CHECK(result.saw_items == row.saw_items);
    CHECK(cut(pieces(row.page, 1)) == result);
  }
}

TEST_CASE("what is no list page, or not a whole one") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"<html>", "it does not begin with {"},
      {"[{}]", "it does not begin with {"},
      {R"({"items":[{}]} {"items":[]})", "something follows its end"},
      {R"({"items":[{}]}x)", "something follows its end"},
      {R"({"items":[null]})", "its items are not objects in a list"},
      {R"({"items":[{} {}]})", "its items are not objects in a list"},
      {R"({"items":[{},]})", "its items are not objects in a list"},
      {R"({"items":[,{}]})", "its items are not objects in a list"},
      {R"({"items":["a"]})", "its items are not objects in a list"},
      {R"({"items":[[{}]]})", "its items are not objects in a list"},
      {R"({"items":[{}],"items":[{}]})", "it has items twice"},
  };
  for (const auto& [page, flaw] : rows) {
    INFO(page);
    CHECK(whole(page).flaw == flaw);
    CHECK(cut(pieces(page, 1)) == whole(page));
  }
  for (const char* page :
       {"", " ", "{", R"({"items":[)", R"({"items":[{"a":1)", R"({"items":[{"a":1}])", R"({"items":[{}],"a":"b}"})"}) {
    INFO(page);
    const Cut result = whole(page);
    CHECK(result.flaw.empty());
    CHECK(result.complete == (std::string(page).find("b}") != std::string::npos));
  }
}

TEST_CASE("an item that is too large is skipped, its neighbours are not") {
  const std::string large = R"({"metadata":{"namespace":"n","name":"big"},"data":")" + std::string(5000, '}') + "\"}";
  const std::string page = R"({"items":[{"a":1},)" + large + R"(,{"b":2}]})";
  for (const std::size_t size : {std::size_t{1}, std::size_t{64}, std::size_t{1000}, page.size()}) {
    const Cut result = cut(pieces(page, size), 1000);
    CHECK(result.complete);
    CHECK(result.items == std::vector<std::string>{R"({"a":1})", R"({"b":2})"});
    REQUIRE(result.oversize.size() == 1);
    CHECK(posture::item_name(result.oversize[0]) == "n/big");
  }
  CHECK(cut({page}, large.size()).oversize.empty());
  CHECK(cut({page}, large.size() - 1).oversize.size() == 1);
}

TEST_CASE("what surrounds the items is limited") {
  const std::string page = R"({"metadata":")" + std::string(posture::kMaxEnvelopeBytes, 'x') + R"(","items":[]})";
  CHECK(whole(page).flaw == "it has more than 1 MiB beside its items");
  CHECK(whole("{" + std::string(posture::kMaxEnvelopeBytes * 2, '[')).flaw ==
        "it has more than 1 MiB beside its items");
}

TEST_CASE("very deep items are handed on, for the parser to refuse") {
  const std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  const Cut result = whole("{\"items\":[" + deep + ",{}]}");
  REQUIRE(result.items.size() == 2);
  CHECK(posture::JsonParser().parse_copy(result.items[0]) == nullptr);
}

TEST_CASE("who an item is") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"metadata":{"name":"a","namespace":"n","uid":"u-1","ownerReferences":[{"uid":"other"}]}})", "u-1"},
      {R"({"metadata":{"ownerReferences":[{"uid":"other"}],"uid":"u-1"},"uid":"x"})", "u-1"},
      {R"({ "spec" : {"metadata":{"uid":"x"}}, "metadata" : { "labels":{"uid":"y"}, "uid" : "u-1" } })", "u-1"},
      {R"({"uid":"x","metadata":{"name":"a","namespace":"n"}})", "n/a"},
      {R"({"metadata":{"name":"a\"b"}})", R"(a\"b)"},
      {R"({"metadata":{"uid":7,"name":"a"}})", "a"},
      {R"({"metadata":null})", ""},
      {R"({"metadata":{"uid":"cut)", ""},
      {R"({"spec":{"a":[1,2,{"b":"}"}]},"metadata":{"uid":"u-1"}})", "u-1"},
      {"{}", ""},
      {"", ""},
      {R"({"a":tru)", ""},
      {R"({"a)", ""},
      {R"({"a"  )", ""},
      {R"({"a":"\)", ""},
  };
  for (const auto& [item, identity] : rows) {
    INFO(item);
    CHECK(posture::item_identity(item) == identity);
  }
  for (std::size_t i = 0; i < rows[2].first.size(); ++i) posture::item_identity(rows[2].first.substr(0, i));
}
