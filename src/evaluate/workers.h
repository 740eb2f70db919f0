// SPDX-License-Identifier: Apache-2.0
// Threads that judge items while the source reads on: a bounded queue in front of workers that share nothing.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "posture/source.h"

namespace posture {

/// Bytes that may wait in the queue; a full queue holds the reader back.
inline constexpr std::size_t kQueueBytes = 8 * 1024 * 1024;
/// Bytes that one worker takes at a time: neighbours in a list tend to be of one template, which a worker judges once.
inline constexpr std::size_t kBatchBytes = 128 * 1024;

struct Task {
  std::size_t request = 0;
  std::size_t attempt = 0;  ///< of the list; earlier ones are void
  Item item;
};

class Workers {
 public:
  /// `work(worker, task)` runs on the worker's own thread; it must not throw.
  Workers(std::size_t count, std::function<void(std::size_t, Task&)> work);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void push(Task task);  ///< blocks while the queue is full
  void drain();          ///< returns when every pushed task is done

 private:
  struct Batch {
    std::vector<Task> tasks;
    std::size_t bytes = 0;
  };
  void hand_over();
  void run(std::size_t worker);

  std::function<void(std::size_t, Task&)> work_;
  Batch filling_;  // of the thread that pushes
  std::mutex mutex_;
  std::condition_variable has_work_, has_room_, is_idle_;
  std::deque<Batch> queue_;
  std::size_t queued_bytes_ = 0;
  std::size_t busy_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace posture
