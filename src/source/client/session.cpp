// SPDX-License-Identifier: Apache-2.0
#include "source/client/session.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "source/client/server_status.h"

namespace posture {
namespace {

using std::chrono::milliseconds;

struct ContactRow {
  Ending ending;
  ErrorKind kind;
  const char* problem;
  const char* advice;
};
constexpr std::array kContacts = {
    ContactRow{Ending::proxy, ErrorKind::connection, "it does not let us through",
               "check proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY"},
    ContactRow{Ending::unresolved, ErrorKind::connection, "the host name is not known",
               "check the server in the kubeconfig and your network or VPN"},
    ContactRow{Ending::unreachable, ErrorKind::connection, "nobody answers",
               "check that the cluster is up and reachable from here"},
    ContactRow{Ending::handshake, ErrorKind::tls, "no secure connection comes up",
               "check that the server speaks TLS 1.2 or newer at this address"},
    ContactRow{Ending::untrusted, ErrorKind::tls, "its identity could not be verified",
               "check certificate-authority, tls-server-name and the client certificate in the kubeconfig"},
    ContactRow{Ending::stalled, ErrorKind::connection, "it does not answer in time",
               "check the load of the server and the network between"},
    ContactRow{Ending::broken, ErrorKind::connection, "the connection broke",
               "check that the address is that of an API server"},
};

/// "cannot reach URL: problem (detail); advice"
Error contact_error(const Session& session, const Attempt& failed) {
  const auto* row = std::find_if(kContacts.begin(), kContacts.end() - 1,
                                 [&](const ContactRow& each) { return each.ending == failed.end.ending; });
  std::string url = session.transport.url("");
  if (const auto& proxy = session.connection.proxy) url += " through the proxy " + proxy->url + " of " + proxy->source;
  return Error(row->kind, "cannot reach " + url + ": " + row->problem + " (" + failed.end.detail + "); " + row->advice);
}

Error credentials_error(const Session& session, const Attempt& failed) {
  const Connection& connection = session.connection;
  const std::string message = read_status(failed.head.status, failed.body).message;
  const std::string who =
      connection.context.empty() ? "the in-cluster identity" : "the user of context \"" + connection.context + "\"";
  const std::string advice = connection.plugin ? "log in again, so that the credential plugin " +
                                                     printable(connection.plugin->command) + " hands out others"
                                               : std::string("renew the token or certificate in the kubeconfig");
  return Error(ErrorKind::credentials, session.transport.url("") + " does not accept the credentials of " + who +
                                           " (401" + (message.empty() ? "" : ": " + message) + "); " + advice);
}

/// Endings that no second try changes at first contact, where the user waits for an answer.
bool is_final_at_first(Ending ending) {
  return ending == Ending::proxy || ending == Ending::unresolved || ending == Ending::unreachable ||
         ending == Ending::handshake || ending == Ending::untrusted || ending == Ending::stalled;
}

milliseconds paced(milliseconds wait, double pace) {
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(wait.count()) * pace));
}

double between_0_and_1(std::minstd_rand& random) {
  return static_cast<double>(random() - std::minstd_rand::min()) / static_cast<double>(std::minstd_rand::max());
}

}  // namespace

void Attempts::next_page() {
  budget_.page_done();
  refreshed_ = false;
  state_ = State::waiting;
  due_ = {};
}

bool Attempts::again_with_fresh_credentials(const Attempt& failed) {
  if (refreshed_ || !session_.authorization.refresh(generation_)) throw credentials_error(session_, failed);
  refreshed_ = true;
  state_ = State::waiting;
  return true;
}

bool Attempts::again(const Attempt& failed) {
  const Ending ending = failed.end.ending;
  const bool answered = failed.head.status != 0;
  const bool first_contact = !session_.transport.reached();
  if (failed.head.status == 401) return again_with_fresh_credentials(failed);
  if (failed.head.status == 429) session_.pace.too_many();
  const bool broken = ending != Ending::complete && ending != Ending::stopped;
  const bool hopeless = ending == Ending::untrusted || (first_contact && is_final_at_first(ending));
  const auto lost = broken ? std::chrono::steady_clock::now() - begun_ : std::chrono::steady_clock::duration{};
  const Failure failure{broken ? 0 : failed.head.status, failed.head.retry_after, failed.reason,
                        std::chrono::duration_cast<milliseconds>(lost)};
  const std::optional<milliseconds> wait =
      hopeless ? std::nullopt : budget_.next_wait(failure, between_0_and_1(session_.random));
  if (wait) {
    due_ = std::chrono::steady_clock::now() + paced(*wait, session_.options.retry_pace);
    state_ = State::waiting;
    return true;
  }
  if (first_contact && !answered) throw contact_error(session_, failed);
  return false;
}

}  // namespace posture
