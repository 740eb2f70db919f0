// SPDX-License-Identifier: Apache-2.0
#include "evaluate/workers.h"

namespace posture {

Workers::Workers(std::size_t count, std::function<void(std::size_t, Task&)> work) : work_(std::move(work)) {
  for (std::size_t worker = 0; worker < count; ++worker) threads_.emplace_back([this, worker] { run(worker); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    queue_.clear();
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::push(Task task) {
  const std::size_t bytes = task.item.bytes.size();
  {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [this] { return queued_bytes_ < kQueueBytes; });
    queued_bytes_ += bytes;
    queue_.push_back(std::move(task));
  }
  has_work_.notify_one();
}

void Workers::drain() {
  std::unique_lock lock(mutex_);
  is_idle_.wait(lock, [this] { return queue_.empty() && busy_ == 0; });
}

void Workers::run(std::size_t worker) {
  std::unique_lock lock(mutex_);
  for (;;) {
    has_work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= task.item.bytes.size();
    ++busy_;
    lock.unlock();
    has_room_.notify_one();
    work_(worker, task);
    lock.lock();
    --busy_;
    if (queue_.empty() && busy_ == 0) is_idle_.notify_all();
  }
}

}  // namespace posture
