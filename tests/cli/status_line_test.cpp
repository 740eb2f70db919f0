// SPDX-License-Identifier: Apache-2.0
// The words for how far the reading is, and when they dare say how long it will take.
#include "cli/status_line.h"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using posture::describe;

namespace {

/// 1,000 objects of 21,000, in 7 of 16 lists.
posture::ReadProgress some() {
  posture::ReadProgress progress;
  progress.lists = 16;
  progress.lists_done = 7;
  progress.pages = 43;
  progress.objects = 1000;
  progress.remaining = 20'000;
  return progress;
}

const std::string kSome = "Reading: 7 of 16 lists, 43 pages, 1,000 objects";

}  // namespace

TEST_CASE("how long it will take, by the pace so far") {
  CHECK(describe(some(), 10s) == kSome + ", 100 a second, about 201 s to go");
  CHECK(describe(some(), 100s) == kSome + ", 10 a second, about 2,001 s to go");
  posture::ReadProgress nearly = some();
  nearly.remaining = 1;
  CHECK(describe(nearly, 10s) == kSome + ", 100 a second, about 1 s to go");
}

TEST_CASE("nothing about the time where it is not known") {
  posture::ReadProgress progress = some();
  progress.lists_unknown = 1;
  CHECK(describe(progress, 10s) == kSome + ", 100 a second");
  progress = some();
  progress.remaining = 0;
  CHECK(describe(progress, 10s) == kSome + ", 100 a second");
  CHECK(describe(some(), 2000s) == kSome + ", 0 a second");
  progress = some();
  progress.objects = 0;
  CHECK(describe(progress, 10s) == "Reading: 7 of 16 lists, 43 pages, 0 objects, 0 a second");
  CHECK(describe(some(), 0s) == kSome + ", 1,000,000 a second, about 1 s to go");
  CHECK(describe({}, 10s) == "Asking the server what it serves");
}
