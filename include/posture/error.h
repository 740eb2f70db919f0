// SPDX-License-Identifier: Apache-2.0
// The one exception type: what ends the run. What belongs in the report is a value (Gap, Outcome) instead.
#pragma once

#include <stdexcept>
#include <string>

namespace posture {

/// What went wrong, coarse enough for a caller to act on and for a test to name.
enum class ErrorKind {
  usage,        ///< a flag or argument that cannot be obeyed
  config,       ///< kubeconfig or in-cluster identity
  credentials,  ///< the server does not accept who we are (401, expired token or certificate)
  connection,   ///< DNS, refused, reset, time-out at first contact
  tls,          ///< certificate or host verification
  stopped,      ///< the user or a limit of time ended the run before there was anything to report
  input,        ///< a file that cannot be read or parsed (manifest, check, snapshot)
  output,       ///< a file or stream that cannot be written
};

/// Ends the run with exit code 1. `what()` is one sentence: what, where, what to do next. `where` is a file:line, URL or
/// object, empty where the message already names it. Never holds a secret; control characters are escaped when printed.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string where = {})
      : std::runtime_error(message),
        kind_(kind),
        where_(std::move(where)) {}
  ErrorKind kind() const { return kind_; }
  const std::string& where() const { return where_; }

 private:
  ErrorKind kind_;
  std::string where_;
};

}  // namespace posture
