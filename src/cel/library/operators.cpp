// SPDX-License-Identifier: Apache-2.0
// Signatures of the operators, for the checker. Their bodies are nodes.
#include <array>

#include "cel/library/library.h"

namespace posture::cel {
namespace {

constexpr std::array kOperatorOverloads = std::to_array<Overload>({
    {"_?_:_", "(bool, A, A) -> A"},
    {"!_", "(bool) -> bool"},
    {"_==_", "(A, A) -> bool", nullptr, cost::kEqual},
    {"_!=_", "(A, A) -> bool", nullptr, cost::kUnequal},
    {"_+_", "(bytes, bytes) -> bytes", nullptr, cost::kAppend},
    {"_+_", "(double, double) -> double"},
    {"_+_", "(duration, duration) -> duration"},
    {"_+_", "(duration, timestamp) -> timestamp"},
    {"_+_", "(timestamp, duration) -> timestamp"},
    {"_+_", "(int, int) -> int"},
    {"_+_", "(list(A), list(A)) -> list(A)", nullptr, cost::kAppendList},
    {"_+_", "(string, string) -> string", nullptr, cost::kAppend},
    {"_+_", "(uint, uint) -> uint"},
    {"_-_", "(double, double) -> double"},
    {"_-_", "(duration, duration) -> duration"},
    {"_-_", "(int, int) -> int"},
    {"_-_", "(timestamp, duration) -> timestamp"},
    {"_-_", "(timestamp, timestamp) -> duration"},
    {"_-_", "(uint, uint) -> uint"},
    {"_*_", "(double, double) -> double"},
    {"_*_", "(int, int) -> int"},
    {"_*_", "(uint, uint) -> uint"},
    {"_/_", "(double, double) -> double"},
    {"_/_", "(int, int) -> int"},
    {"_/_", "(uint, uint) -> uint"},
    {"_%_", "(int, int) -> int"},
    {"_%_", "(uint, uint) -> uint"},
    {"-_", "(double) -> double"},
    {"-_", "(int) -> int"},
    {"_[_]", "(list(A), int) -> A"},
    {"_[_]", "(map(A, B), A) -> B"},
    {"_[_]", "(optional(list(A)), int) -> optional(A)"},
    {"_[_]", "(optional(map(A, B)), A) -> optional(B)"},
    {"_[?_]", "(list(A), int) -> optional(A)"},
    {"_[?_]", "(optional(list(A)), int) -> optional(A)"},
    {"_[?_]", "(map(A, B), A) -> optional(B)"},
    {"_[?_]", "(optional(map(A, B)), A) -> optional(B)"},
    {"@in", "(A, list(A)) -> bool", nullptr, cost::kListMember},
    {"@in", "(A, map(A, B)) -> bool"},
});

constexpr std::array<std::string_view, 4> kOrders = {"_<_", "_<=_", "_>_", "_>=_"};
struct Ordered {
  std::string_view signature;
  CostRule cost = {};
};
constexpr std::array kOrdered = std::to_array<Ordered>({{"(bool, bool) -> bool"},
                                                        {"(int, int) -> bool"},
                                                        {"(int, double) -> bool"},
                                                        {"(int, uint) -> bool"},
                                                        {"(uint, uint) -> bool"},
                                                        {"(uint, double) -> bool"},
                                                        {"(uint, int) -> bool"},
                                                        {"(double, double) -> bool"},
                                                        {"(double, int) -> bool"},
                                                        {"(double, uint) -> bool"},
                                                        {"(string, string) -> bool", cost::kCompareTexts},
                                                        {"(bytes, bytes) -> bool", cost::kCompareTexts},
                                                        {"(timestamp, timestamp) -> bool"},
                                                        {"(duration, duration) -> bool"}});

constexpr auto with_orders() {
  std::array<Overload, kOperatorOverloads.size() + kOrders.size() * kOrdered.size()> all{};
  std::size_t count = 0;
  for (const Overload& row : kOperatorOverloads) all[count++] = row;
  for (const std::string_view name : kOrders) {
    for (const Ordered& row : kOrdered) all[count++] = {name, row.signature, nullptr, row.cost};
  }
  return all;
}

constexpr auto kAll = with_orders();

}  // namespace

std::span<const Overload> operator_table() { return kAll; }

}  // namespace posture::cel
