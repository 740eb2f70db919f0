// SPDX-License-Identifier: Apache-2.0
#include "posture/contact.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "source/client/contact_words.h"
#include "source/client/discovery.h"
#include "source/client/identity.h"

namespace posture {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

enum class Step : std::size_t { login, network, tls, server, identity, discovery };
constexpr std::array kStepNames = {"Login", "Network", "TLS", "Server", "Identity", "Discovery"};

struct Trial {
  const Connection& connection;
  system_clock::time_point now;
  const std::function<void(const ContactStep&)>& done;
  std::vector<ContactStep> steps;
  std::size_t told = 0;  // how many of them

  ContactStep& at(Step step) { return steps.at(static_cast<std::size_t>(step)); }
  void tell(Step last) {
    for (; told <= static_cast<std::size_t>(last); ++told) {
      if (done) done(steps[told]);
    }
  }
};

void leave_unclear(ContactStep& step, const std::string& problem) {
  step.state = StepState::unclear;
  step.problem = problem;
}

void log_in(Trial& trial, Authorization& authorization) {
  ContactStep& step = trial.at(Step::login);
  step.facts = ways_in(trial.connection, trial.now);
  authorization.bring_up_to_date();
  step.state = StepState::good;
  if (!trial.connection.plugin && !trial.connection.oidc) return;
  const Facts given = handed_out(authorization, trial.now);
  step.facts.insert(step.facts.end(), given.begin(), given.end());
}

Response get_version(Session& session) {
  const HttpRequest request{"/version", "application/json", ""};
  return to_response(std::move(fetch(session, {&request, 1}).front()), request.accept, request.path);
}

/// The second answer's time is the round trip: the first had a connection to open.
void ask_version(Session& session, ContactStep& step) {
  const Response response = get_version(session);
  const steady_clock::time_point before = steady_clock::now();
  get_version(session);
  const steady_clock::duration spent = steady_clock::now() - before;
  step.state = StepState::good;
  JsonParser parser;
  const Value version(response.gap ? nullptr : parser.parse_copy(response.body));
  const std::string name = printable(version["gitVersion"].text());
  if (!name.empty()) step.facts.emplace_back("version", name);
  step.facts.emplace_back("round trip", in_milliseconds(std::chrono::duration_cast<std::chrono::microseconds>(spent)));
  if (name.empty()) leave_unclear(step, response.gap ? response.gap->message : "it does not tell its version");
}

void ask_identity(Session& session, ContactStep& step) {
  About about;
  const std::optional<Gap> gap = ask_who_we_are(session, about);
  step.state = StepState::good;
  if (!about.user.empty()) step.facts.emplace_back("user", printable(about.user));
  for (const std::string& group : about.groups) step.facts.emplace_back("group", printable(group));
  if (about.user.empty()) leave_unclear(step, gap ? gap->message : "the server does not tell");
}

void ask_discovery(Session& session, ContactStep& step) {
  const Discovery discovery = discover_resources(session);
  std::set<std::string> groups;
  for (const Resource& resource : discovery.resources) groups.insert(resource.group);
  step.state = StepState::good;
  step.facts.emplace_back("API groups", std::to_string(groups.size()));
  step.facts.emplace_back("resources", std::to_string(discovery.resources.size()) + " that can be listed");
  if (!discovery.gaps.empty()) leave_unclear(step, discovery.gaps.front().message);
  for (const Gap& gap : discovery.gaps) step.facts.emplace_back("missing", printable(gap.resource));
  if (!discovery.resources.empty()) return;
  step.state = StepState::failed;
  if (step.problem.empty()) step.problem = "the server names no resource";
  step.next =
      "check that this is an API server, and that this identity may read /api and /apis (role system:discovery)";
}

/// The step in which such an error arises. A connection that broke when TLS was up already is the server's doing.
Step step_of(const Error& error, const Route& route) {
  if (error.kind() == ErrorKind::tls) return Step::tls;
  if (error.kind() == ErrorKind::credentials) return Step::identity;
  return route.certificates.anchor.empty() ? Step::network : Step::server;
}

void note_route(Trial& trial, const Route& route) {
  ContactStep& network = trial.at(Step::network);
  const std::optional<Proxy>& proxy = trial.connection.proxy;
  network.facts.emplace_back("server", printable(trial.connection.server));
  network.facts.emplace_back("proxy", proxy ? printable(proxy->url) + " of " + proxy->source : "none");
  if (!route.address.empty()) network.facts.emplace_back("address", route.address);
  if (route.connect_time.count() > 0) {
    network.facts.emplace_back("connected in", in_milliseconds(route.connect_time));
  }
  if (network.state == StepState::failed) return;
  network.state = StepState::good;
  ContactStep& tls = trial.at(Step::tls);
  if (trial.connection.server.starts_with("http://"))
    tls.facts.emplace_back("protocol", "none: plain http, the connection is not encrypted");
  if (!route.certificates.sent.empty()) tls.facts = certificate_facts(route.certificates, trial.connection, trial.now);
  if (tls.state != StepState::failed) {
    tls.state = StepState::good;
  } else {
    explain_distrust(route.certificates, trial.connection, tls);
  }
}

void ask_server(Trial& trial, Session& session) {
  try {
    ask_version(session, trial.at(Step::server));
    note_route(trial, session.transport.route());
    trial.tell(Step::server);
    ask_identity(session, trial.at(Step::identity));
    trial.tell(Step::identity);
    ask_discovery(session, trial.at(Step::discovery));
  } catch (const Error& error) {
    const Route route = session.transport.route();
    const bool on_the_way = trial.told <= static_cast<std::size_t>(Step::network);
    const Step step = std::max(step_of(error, route), static_cast<Step>(trial.told));  // what was told stands
    fail_step(trial.at(step), error);
    if (on_the_way && step == Step::identity) trial.at(Step::server).state = StepState::good;
    if (on_the_way) note_route(trial, route);
  }
}

}  // namespace

const char* to_string(StepState state) {
  static constexpr std::array kNames = {"good", "unclear", "failed", "not-tried"};
  return kNames.at(static_cast<std::size_t>(state));
}

void fail_step(ContactStep& step, const Error& error) {
  const std::string message = error.what();
  const bool named = error.where().empty() || message.find(error.where()) != std::string::npos;
  const std::string text = named ? message : error.where() + ": " + message;
  const std::size_t split = text.rfind("; ");
  step.state = StepState::failed;
  step.problem = text.substr(0, split);
  step.next = split == std::string::npos ? "" : text.substr(split + 2);
}

std::vector<ContactStep> make_contact(const Connection& connection, const ClientOptions& options,
                                      system_clock::time_point now,
                                      const std::function<void(const ContactStep&)>& done) {
  Trial trial{connection, now, done, {}};
  for (const char* name : kStepNames) trial.steps.push_back({name, StepState::not_tried, {}, "", ""});
  try {
    Authorization authorization(connection);
    log_in(trial, authorization);
    trial.tell(Step::login);
    Transport transport(connection, options, authorization);
    Session session{connection, options, authorization, transport};
    ask_server(trial, session);
  } catch (const Error& error) { fail_step(trial.at(Step::login), error); }
  trial.tell(Step::discovery);
  return trial.steps;
}

}  // namespace posture
