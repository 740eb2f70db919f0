// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace posture {

namespace {

constexpr std::size_t kAheadPerThread = 4;  // made and not yet taken

/// Pieces that threads help themselves to; each is taken, in order, on the thread that calls run().
class Sequence {
 public:
  using Make = std::function<std::string(std::size_t)>;
  using Take = std::function<void(const std::string&)>;

  /// At most `ahead` are made and not yet taken.
  Sequence(std::size_t count, std::size_t threads, std::size_t ahead, const Make& make, const Take& take)
      : count_(count),
        threads_(std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(count, 1))),
        make_(make),
        take_(take),
        slots_(std::max<std::size_t>(ahead, 1)) {}

  void run() {
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads_; ++i) others.emplace_back([this] { help(); });
    {
      std::unique_lock lock(mutex_);
      while (taken_ < count_ && !failure_) {
        if (slot(taken_))
          take_next(lock);
        else
          make_or_wait(lock);
      }
    }
    for (std::thread& other : others) other.join();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  using Lock = std::unique_lock<std::mutex>;
  std::optional<std::string>& slot(std::size_t index) { return slots_[index % slots_.size()]; }

  void help() {
    Lock lock(mutex_);
    while (begun_ < count_ && !failure_) make_or_wait(lock);
  }

  void make_or_wait(Lock& lock) {
    if (begun_ == count_ || begun_ == taken_ + slots_.size()) return changed_.wait(lock);
    const std::size_t index = begun_++;
    std::string text;
    if (unlocked(lock, [&] { text = make_(index); })) slot(index) = std::move(text);
    changed_.notify_all();
  }

  void take_next(Lock& lock) {
    const std::string text = std::exchange(slot(taken_), std::nullopt).value_or(std::string());
    unlocked(lock, [&] { take_(text); });
    ++taken_;
    changed_.notify_all();
  }

  /// Whether it did not throw.
  template <typename Work>
  bool unlocked(Lock& lock, const Work& work) {
    std::exception_ptr failure;
    lock.unlock();
    try {
      work();
    } catch (...) { failure = std::current_exception(); }
    lock.lock();
    if (failure && !failure_) failure_ = failure;
    return !failure;
  }

  const std::size_t count_;
  const std::size_t threads_;
  const Make& make_;
  const Take& take_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::optional<std::string>> slots_;  // by index, of those begun and not taken
  std::size_t begun_ = 0;
  std::size_t taken_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void for_each_index(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work) {
  const auto make = [&work](std::size_t index) {
    work(index);
    return std::string();
  };
  Sequence(count, threads, count, make, [](const std::string&) {}).run();  // a slow one holds nobody back
}

void make_in_order(std::size_t count, std::size_t threads, const std::function<std::string(std::size_t)>& make,
                   const std::function<void(const std::string&)>& take) {
  Sequence(count, threads, kAheadPerThread * threads, make, take).run();
}

}  // namespace posture
