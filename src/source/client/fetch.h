// SPDX-License-Identifier: Apache-2.0
// Whole answers in memory: for everything that is not a list.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "posture/source.h"
#include "source/client/session.h"

namespace posture {

inline constexpr std::size_t kMaxAnswerBytes = 64 * 1024 * 1024;

struct HttpAnswer {
  HttpHead head;
  std::string body;
  TransferEnd end;
  const StopReason* stopped = nullptr;
};

/// The answers in the order of the requests. Throws as Attempts::again does.
std::vector<HttpAnswer> fetch(Session& session, std::span<const HttpRequest> requests);

/// The answer as Source::get gives it; `gap->resource` is `resource`.
Response to_response(HttpAnswer answer, const std::string& accept, const std::string& resource);

}  // namespace posture
