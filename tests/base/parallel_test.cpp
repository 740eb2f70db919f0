// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace posture;

TEST_CASE("each index is worked on once, on any number of threads") {
  for (const std::size_t threads : {0U, 1U, 2U, 7U}) {
    for (const std::size_t count : {0U, 1U, 6U, 1000U}) {
      std::vector<std::atomic<int>> calls(count);
      for_each_index(count, threads, [&](std::size_t index) { ++calls[index]; });
      for (const std::atomic<int>& each : calls) CHECK(each == 1);
    }
  }
}

TEST_CASE("a piece that takes long holds nobody back") {
  constexpr std::size_t kCount = 100;
  std::atomic<std::size_t> others = 0;
  for_each_index(kCount, 2, [&](std::size_t index) {
    if (index > 0) ++others;
    for (int i = 0; index == 0 && i < 10'000 && others < kCount - 1; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (index == 0) CHECK(others == kCount - 1);
  });
}

TEST_CASE("texts are taken in order on the calling thread, and few are made ahead") {
  for (const std::size_t threads : {1U, 2U, 7U}) {
    constexpr std::size_t kCount = 500;
    std::atomic<std::size_t> made = 0;
    std::size_t taken = 0;
    const auto make = [&](std::size_t index) {
      ++made;
      return std::to_string(index);
    };
    const std::thread::id caller = std::this_thread::get_id();
    make_in_order(kCount, threads, make, [&](const std::string& text) {
      CHECK(std::this_thread::get_id() == caller);
      CHECK(text == std::to_string(taken));
      CHECK(made - taken <= 4 * threads);
      ++taken;
    });
    CHECK(taken == kCount);
  }
}

TEST_CASE("a piece that throws ends the work, wherever it was made") {
  for (const std::size_t threads : {1U, 4U}) {
    std::atomic<std::size_t> begun = 0;
    const auto make = [&](std::size_t index) {
      ++begun;
      if (index == 10) throw std::runtime_error("ten");
      return std::string();
    };
    CHECK_THROWS_AS(make_in_order(10'000, threads, make, [](const std::string&) {}), std::runtime_error);
    CHECK(begun < 100);
  }
}

TEST_CASE("a text that cannot be taken ends the work") {
  for (const std::size_t threads : {1U, 4U}) {
    std::atomic<std::size_t> made = 0;
    const auto make = [&](std::size_t) {
      ++made;
      return std::string();
    };
    const auto take = [](const std::string&) { throw std::runtime_error("full"); };
    CHECK_THROWS_AS(make_in_order(10'000, threads, make, take), std::runtime_error);
    CHECK(made < 100);
  }
}

TEST_CASE("work that works in parallel itself") {
  std::array<std::atomic<int>, 4> calls{};
  for_each_index(
      2, 2, [&](std::size_t outer) { for_each_index(2, 2, [&](std::size_t inner) { ++calls[2 * outer + inner]; }); });
  for (const std::atomic<int>& each : calls) CHECK(each == 1);
}
