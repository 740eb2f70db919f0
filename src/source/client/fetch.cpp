// SPDX-License-Identifier: Apache-2.0
#include "source/client/fetch.h"

#include <utility>

#include "base/utf8.h"
#include "source/client/server_status.h"

namespace posture {
namespace {

/// One request, until its answer stands.
class Fetch : public Exchange {
 public:
  Fetch(Session& session, const HttpRequest& request) : session_(session), request_(request), attempts_(session) {}

  Attempts& attempts() { return attempts_; }
  HttpAnswer take() { return std::move(answer_); }
  void start() {
    answer_ = {};
    session_.transport.start(request_, *this);
    attempts_.begin();
  }

  void stop(const StopReason& reason) {
    answer_ = {};
    answer_.stopped = &reason;
  }

  void head(const HttpHead& head) override { answer_.head = head; }
  bool body(std::string_view chunk) override {
    if (answer_.body.size() + chunk.size() > kMaxAnswerBytes) return false;
    answer_.body.append(chunk);
    return true;
  }
  void end(const TransferEnd& end) override {
    answer_.end = end;
    const bool whole = end.ending == Ending::complete;
    if (answer_.head.status < 400 && (whole || end.ending == Ending::stopped)) {
      if (whole) attempts_.went_well();
      return attempts_.done();
    }
    const std::string reason = whole ? read_status(answer_.head.status, answer_.body).reason : "";
    if (!attempts_.again({end, answer_.head, answer_.body, reason, request_.path})) attempts_.done();
  }

 private:
  Session& session_;
  const HttpRequest& request_;
  Attempts attempts_;
  HttpAnswer answer_;
};

/// What is wrong with an answer; nullopt: nothing.
std::optional<Gap> flaw_of(const HttpAnswer& answer, const std::string& accept) {
  Gap gap;
  gap.status = answer.head.status;
  if (answer.stopped != nullptr) {
    gap.reason = answer.stopped->reason;
    gap.message = answer.stopped->message;
  } else if (answer.end.ending != Ending::complete && answer.end.ending != Ending::stopped) {
    gap.message = answer.end.detail;
  } else if (answer.head.status < 200 || answer.head.status > 299) {
    gap.reason = gap_reason(answer.head.status);
    gap.message = describe_refusal(answer.head, answer.body);
  } else if (answer.end.ending == Ending::stopped) {
    gap.reason = GapReason::too_large;
    gap.message = "the answer is larger than " + std::to_string(kMaxAnswerBytes >> 20) + " MiB";
  } else if (!is_acceptable(answer.head.content_type, accept)) {
    gap.reason = GapReason::malformed;
    gap.message = describe_wrong_type(answer.head, answer.body);
  } else {
    return std::nullopt;
  }
  return gap;
}

}  // namespace

std::vector<HttpAnswer> fetch(Session& session, std::span<const HttpRequest> requests) {
  std::deque<Fetch> fetches;
  for (const HttpRequest& request : requests) fetches.emplace_back(session, request);
  run_all(session, fetches);
  std::vector<HttpAnswer> answers;
  answers.reserve(fetches.size());
  for (Fetch& each : fetches) answers.push_back(each.take());
  return answers;
}

Response to_response(HttpAnswer answer, const std::string& accept, const std::string& resource) {
  Response response;
  response.gap = flaw_of(answer, accept);
  if (response.gap) response.gap->resource = resource;
  response.status = answer.head.status;
  response.content_type = std::move(answer.head.content_type);
  response.body = std::move(answer.body);
  return response;
}

}  // namespace posture
