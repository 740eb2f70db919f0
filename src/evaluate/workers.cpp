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
  filling_.bytes += task.item.bytes.size();
  filling_.tasks.push_back(std::move(task));
  if (filling_.bytes >= kBatchBytes) hand_over();
}

void Workers::hand_over() {
  {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [this] { return queued_bytes_ < kQueueBytes; });
    queued_bytes_ += filling_.bytes;
    queue_.push_back(std::move(filling_));
  }
  filling_ = {};
  has_work_.notify_one();
}

void Workers::drain() {
  hand_over();
  std::unique_lock lock(mutex_);
  is_idle_.wait(lock, [this] { return queue_.empty() && busy_ == 0; });
}

void Workers::run(std::size_t worker) {
  std::unique_lock lock(mutex_);
  for (;;) {
    has_work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    Batch batch = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= batch.bytes;
    ++busy_;
    lock.unlock();
    has_room_.notify_one();
    for (Task& task : batch.tasks) work_(worker, task);
    lock.lock();
    --busy_;
    if (queue_.empty() && busy_ == 0) is_idle_.notify_all();
  }
}

}  // namespace posture
