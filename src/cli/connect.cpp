// SPDX-License-Identifier: Apache-2.0
// kube-posture connect: what a scan would use to reach the cluster, step by step, and where it fails.
#include <algorithm>
#include <functional>
#include <ostream>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/source_options.h"
#include "posture/contact.h"

namespace posture {

namespace {

constexpr int kFailed = 1;
constexpr std::size_t kStateWidth = 9;
constexpr std::size_t kNameWidth = 12;
constexpr std::size_t kFactWidth = 14;
constexpr std::size_t kMaxColumns = 100;
constexpr std::size_t kLeastRoom = 20;
constexpr double kRetryPace = 0.1;  // somebody waits for the answer

struct ConnectFlags {
  ConnectionFlags connection;
  std::string format = "text";
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + escape_controls(word);
  return out;
}

/// The first step; the connection, unless it failed.
std::optional<Connection> find_connection(const ConnectionOptions& options, ContactStep& step) {
  step.name = "Kubeconfig";
  const std::vector<std::string> paths = kubeconfig_paths(options);
  step.facts.emplace_back("files", paths.empty() ? "none" : joined(paths));
  try {
    Connection connection = load_connection(options);
    step.state = StepState::good;
    step.facts.emplace_back("used", escape_controls(connection.origin));
    if (!connection.context.empty()) step.facts.emplace_back("context", escape_controls(connection.context));
    step.facts.emplace_back("server", escape_controls(connection.server));
    step.facts.emplace_back("namespace", escape_controls(connection.ns));
    return connection;
  } catch (const Error& error) { fail_step(step, error); }
  return std::nullopt;
}

std::vector<ContactStep> try_out(const ConnectFlags& flags, const World& world,
                                 const std::function<void(const ContactStep&)>& done) {
  std::vector<ContactStep> steps(1);
  const std::optional<Connection> connection =
      find_connection(connection_options(flags.connection, world), steps.front());
  if (done) done(steps.front());
  if (!connection) return steps;
  ClientOptions options;
  options.user_agent = std::string("kube-posture/") + kVersion;
  options.retry_pace = kRetryPace;
  const auto now = parse_rfc3339(world.now()).value_or(std::chrono::system_clock::now());
  for (ContactStep& step : make_contact(*connection, options, now, done)) steps.push_back(std::move(step));
  return steps;
}

const char* word_of(StepState state) {
  static constexpr const char* kWords[] = {"ok", "unclear", "FAILED", "-"};
  return kWords[static_cast<std::size_t>(state)];
}

/// The facts of a step, and beside them what is wrong.
std::vector<std::pair<std::string, std::string>> lines_of(const ContactStep& step) {
  std::vector<std::pair<std::string, std::string>> lines = step.facts;
  if (step.state == StepState::not_tried) lines.emplace_back("not tried", "");
  if (!step.problem.empty()) lines.emplace_back(step.state == StepState::failed ? "problem" : "note", step.problem);
  if (!step.next.empty()) lines.emplace_back("what to do", step.next);
  return lines;
}

void write_step(const ContactStep& step, const World& world) {
  constexpr std::size_t kLeft = kStateWidth + kNameWidth + kFactWidth;
  const std::size_t room = std::max(std::min(world.columns, kMaxColumns), kLeft + kLeastRoom) - kLeft;
  std::string head = pad_right(word_of(step.state), kStateWidth) + pad_right(step.name, kNameWidth);
  for (const auto& [name, value] : lines_of(step)) {
    std::string label = pad_right(name, kFactWidth);
    for (const std::string& part : wrap(escape_controls(value), room)) {
      std::string line = head;
      line += label;
      line += part;
      line.erase(line.find_last_not_of(' ') + 1);
      world.out << line << "\n";
      head.assign(kStateWidth + kNameWidth, ' ');
      label.assign(kFactWidth, ' ');
    }
  }
  world.out.flush();  // the next one may take its time
}

std::vector<std::string> names_of(const std::vector<ContactStep>& steps, StepState state) {
  std::vector<std::string> names;
  for (const ContactStep& step : steps) {
    if (step.state == state) names.push_back(step.name);
  }
  return names;
}

void write_conclusion(const std::vector<ContactStep>& steps, const World& world) {
  const std::vector<std::string> failed = names_of(steps, StepState::failed);
  const std::vector<std::string> unclear = names_of(steps, StepState::unclear);
  if (!failed.empty()) {
    world.out << "\nThe step " << failed.front() << " failed.\n";
  } else if (!unclear.empty()) {
    world.out << "\nNo step failed, but something is unclear: " << joined(unclear) << ". Next: kube-posture scan\n";
  } else {
    world.out << "\nAll steps work. Next: kube-posture scan\n";
  }
}

void add_member(std::string_view name, std::string_view value, std::string& json) {
  if (json.back() != '{') json += ",";
  write_json_string(name, json);
  json += ":";
  write_json_string(value, json);
}

std::string json_of(const ContactStep& step) {
  std::string json = "{";
  add_member("name", step.name, json);
  add_member("state", to_string(step.state), json);
  if (!step.problem.empty()) add_member("problem", step.problem, json);
  if (!step.next.empty()) add_member("next", step.next, json);
  json += ",\"facts\":[";
  for (const auto& [name, value] : step.facts) {
    json += json.back() == '[' ? "{" : ",{";
    add_member("name", name, json);
    add_member("value", value, json);
    json += "}";
  }
  return json + "]}";
}

void write_json(const std::vector<ContactStep>& steps, bool works, const World& world) {
  world.out << R"({"works":)" << (works ? "true" : "false") << ",\"steps\":[\n";
  for (const ContactStep& step : steps) {
    world.out << "  " << json_of(step) << (&step == &steps.back() ? "\n" : ",\n");
  }
  world.out << "]}\n";
}

int connect(const ConnectFlags& flags, const World& world) {
  std::function<void(const ContactStep&)> done;
  if (flags.format == "text") done = [&world](const ContactStep& step) { write_step(step, world); };
  const std::vector<ContactStep> steps = try_out(flags, world, done);
  const bool works =
      std::none_of(steps.begin(), steps.end(), [](const ContactStep& step) { return step.state == StepState::failed; });
  if (flags.format == "json") {
    write_json(steps, works, world);
  } else {
    write_conclusion(steps, world);
  }
  return works ? 0 : kFailed;
}

}  // namespace

Action declare_connect(CLI::App& app, const World& world) {
  auto flags = std::make_shared<ConnectFlags>();
  add_connection_flags(app, flags->connection);
  app.add_option("-o,--output", flags->format, "Format on standard output")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.footer("Prints no secret. Exit code: 0 everything works, 1 a step failed.");
  return [flags, &world] { return connect(*flags, world); };
}

}  // namespace posture
