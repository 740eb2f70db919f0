// SPDX-License-Identifier: Apache-2.0
// Answers a check's variables for one object and element.
#pragma once

#include <optional>

#include "base/arena.h"
#include "evaluate/environment.h"
#include "posture/analysis.h"
#include "posture/cel.h"

namespace posture {

/// What does not change while an object is judged.
struct Subject {
  const Facts& facts;
  const Reads& reads;
  const Object& object;
  const Workload* workload = nullptr;
  const ApiServer* api_server = nullptr;
};

class CheckHost : public cel::Host {
 public:
  CheckHost(const Subject& subject, Arena& arena) : subject_(subject), arena_(arena) {}

  void use(const Check& check, Value element) {
    check_ = &check;
    element_ = element;
  }
  cel::Datum variable(std::size_t index, cel::Scratch& scratch) override;
  cel::Datum call(std::size_t function, std::span<const cel::Datum> arguments, cel::Scratch& scratch) override;

  /// The read behind the last unknown that was answered.
  std::optional<std::uint32_t> missing_read() const { return missing_read_; }
  /// The values of standard variables, also for showing observed fields.
  Value value(std::size_t index);

 private:
  Value all_containers();

  const Subject& subject_;
  Arena& arena_;
  const Check* check_ = nullptr;
  Value element_;
  Value all_containers_;
  std::optional<std::uint32_t> missing_read_;
};

}  // namespace posture
