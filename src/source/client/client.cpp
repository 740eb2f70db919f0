// SPDX-License-Identifier: Apache-2.0
#include "posture/client.h"

#include <utility>

#include "source/client/access_review.h"
#include "source/client/discovery.h"
#include "source/client/identity.h"
#include "source/client/list_read.h"
#include "source/client/stop.h"

namespace posture {
namespace {

class LiveClient : public Client {
 public:
  LiveClient(Connection connection, ClientOptions options)
      : connection_(std::move(connection)),
        options_(std::move(options)),
        authorization_(connection_, kTokenFileAge,
                       {options_.notice, [this] { return stop_reason(options_) != nullptr; }}),
        transport_(connection_, options_, authorization_),
        session_{connection_, options_, authorization_, transport_} {}

  About about() override {
    About about = introduce(session_);
    require_going_on(options_);
    return about;
  }
  Discovery discover() override {
    Discovery discovery = discover_resources(session_);
    require_going_on(options_);
    return discovery;
  }
  Response get(const GetRequest& request) override {
    const HttpRequest http{request.path, request.accept, ""};
    return to_response(std::move(fetch(session_, {&http, 1}).front()), request.accept, request.path);
  }
  void list(std::span<const ListRequest> requests, ListSink& sink) override {
    std::deque<ListRead> reads;
    session_.progress.lists += requests.size();
    session_.progress.lists_unknown += requests.size();
    for (std::size_t i = 0; i < requests.size(); ++i) reads.emplace_back(session_, requests[i], i, sink);
    run_all(session_, reads);
  }
  bool shows_whole_cluster() const override { return true; }
  std::vector<Access> may(std::span<const AccessQuestion> questions) override {
    return review_access(session_, questions);
  }

 private:
  Connection connection_;
  ClientOptions options_;
  Authorization authorization_;
  Transport transport_;
  Session session_;
};

}  // namespace

std::unique_ptr<Client> make_client(Connection connection, ClientOptions options) {
  return std::make_unique<LiveClient>(std::move(connection), std::move(options));
}

}  // namespace posture
