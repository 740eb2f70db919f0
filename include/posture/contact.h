// SPDX-License-Identifier: Apache-2.0
// A trial of the connection, step by step: what a scan would use, and what comes of it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "posture/client.h"
#include "posture/error.h"

namespace posture {

enum class StepState {
  good,
  unclear,    ///< something is missing that a scan does without
  failed,
  not_tried,  ///< an earlier step failed
};
const char* to_string(StepState state);  ///< the enumerator's name with dashes: "not-tried"

/// Holds no secret, and only printable text.
struct ContactStep {
  std::string name;  ///< "TLS"
  StepState state = StepState::not_tried;
  std::vector<std::pair<std::string, std::string>>
      facts;  ///< what is used and what was seen: ("until", "2027-01-31T…")
  std::string problem;  ///< why it failed or is unclear
  std::string next;  ///< what to do about that
};

/// Logs in, connects, and asks the server who we are, which version it is and what it serves, as a scan begins. The steps Login,
/// Network, TLS, Server, Identity and Discovery, always all of them and in this order; the first that fails is the last tried.
/// `done` gets each step as soon as it is. Nothing is changed on the server. Throws no Error.
std::vector<ContactStep> make_contact(const Connection& connection, const ClientOptions& options,
                                      std::chrono::system_clock::time_point now,
                                      const std::function<void(const ContactStep&)>& done = {});

/// The error as the end of a step: what to do next is what stands behind the last semicolon of its message.
void fail_step(ContactStep& step, const Error& error);

}  // namespace posture
