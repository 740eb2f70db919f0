// SPDX-License-Identifier: Apache-2.0
// Any bytes as a list page: cut in one chunk or byte by byte, the items are the same.
#include "source/client/list_cutter.h"

#include <string>

#include "input.h"

namespace posture::fuzz {
namespace {

std::string cut(std::string_view page, std::size_t chunk) {
  constexpr std::size_t kSmall = 64;  // items beyond it are oversize
  std::string seen;
  ListCutter cutter([&](const Item& item) { seen.append(item.text()).append("\n"); },
                    [&](std::string_view) { seen += "oversize\n"; }, kSmall);
  for (std::size_t at = 0; at < page.size(); at += chunk) {
    if (!cutter.feed(page.substr(at, chunk))) return seen + "flaw " + cutter.flaw();
  }
  return seen + cutter.envelope() + (cutter.complete() ? " complete" : "") + (cutter.saw_items() ? " items" : "");
}

}  // namespace
}  // namespace posture::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace posture::fuzz;
  const std::string_view page = text_of(data, size);
  demand(cut(page, size + 1) == cut(page, 1));
  return 0;
}
