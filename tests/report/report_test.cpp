// SPDX-License-Identifier: Apache-2.0
#include "posture/report.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "posture/error.h"
#include "scenarios.h"

using namespace posture;

namespace {

struct Scenario {
  std::string name;
  std::function<Sample()> make;
};

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> kAll = {{"company", company}, {"nothing", nothing}, {"files", files},
                                             {"refused", refused}, {"clean", clean},     {"huge", huge},
                                             {"hostile", hostile}};
  return kAll;
}

std::string write(const Sample& sample, const std::string& format, const ReportOptions& options) {
  std::ostringstream out;
  report_format(format)->write(report_of(sample), options, out);
  return out.str();
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Compares with tests/report/golden/<name>; writes it instead when POSTURE_WRITE_GOLDEN is set.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(POSTURE_TEST_DATA) + "/report/golden/" + name;
  if (std::getenv("POSTURE_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  CHECK(read_file(path) == text);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

ReportOptions first_screen_only() {
  ReportOptions options;
  options.details = false;
  return options;
}

}  // namespace

TEST_CASE("reports are what they were") {
  const auto name = GENERATE(as<std::string>{}, "company", "nothing", "files", "refused", "clean", "hostile");
  CAPTURE(name);
  for (const Scenario& scenario : scenarios()) {
    if (scenario.name != name) continue;
    ReportOptions options;
    options.include_passed = name == "clean";
    check_golden(name + ".txt", write(scenario.make(), "text", options));
    check_golden(name + ".json", write(scenario.make(), "json", options));
  }
}

TEST_CASE("threads change nothing, and every object has its line once, however the work is cut") {
  Sample sample;
  const std::uint32_t check = sample.check("a-check", Severity::high, "Something is wrong");
  constexpr int kObjects = 1000;
  for (int i = 0; i < kObjects; ++i) {
    const std::uint32_t object = sample.object("shop", "apps", "Deployment", "app-" + std::to_string(10000 + i));
    for (int j = 0; j <= i % 3; ++j) {
      Outcome& outcome =
          j == 0 ? *sample.judge(check, object, State::fail) : sample.outcome(check, object, State::fail);
      outcome.path = sample.keep("spec.containers[" + std::to_string(j) + "]");
      outcome.message = "it is wrong";
    }
  }
  sample.sort();
  ReportOptions options;
  for (const std::string format : {"text", "json"}) {
    options.threads = 1;
    const std::string report = write(sample, format, options);
    options.threads = 5;
    CHECK(write(sample, format, options) == report);
    CHECK(report == write(sample, format, {}));
  }
  std::size_t objects = 0, outcomes = 0, headings = 0;
  for (const std::string& line : lines_of(write(sample, "text", options))) {
    objects += line.starts_with("  shop/Deployment/app-") ? 1 : 0;
    outcomes += line == "    it is wrong" ? 1 : 0;
    headings += line.starts_with("HIGH      Something is wrong") ? 1 : 0;
  }
  CHECK(objects == kObjects);
  CHECK(outcomes == sample.assessment.outcomes.size());
  CHECK(headings == 1);
}

TEST_CASE("colour and signs are extras: the words are the same without") {
  ReportOptions options;
  options.color = true;
  const std::string colored = write(company(), "text", options);
  check_golden("company-color.txt", colored);
  std::string plain;
  for (std::size_t at = 0; at < colored.size(); ++at) {
    if (colored[at] == '\x1b')
      at = colored.find('m', at);
    else
      plain += colored[at];
  }
  options.color = false;
  CHECK(plain == write(company(), "text", options));
  options.unicode = false;
  const std::string ascii = write(company(), "text", options);
  CHECK(std::all_of(ascii.begin(), ascii.end(), [](char letter) { return (letter & 0x80) == 0; }));
}

TEST_CASE("the first screen leaves two of 24 lines, and no line is wider than the screen") {
  for (const Scenario& scenario : scenarios()) {
    const Sample sample = scenario.make();
    for (const std::size_t columns : {60, 80, 120, 200}) {
      ReportOptions options = first_screen_only();
      options.columns = columns;
      CAPTURE(scenario.name, columns);
      CHECK(lines_of(write(sample, "text", options)).size() <= 22);
      options.details = true;
      std::size_t widest = 0;
      for (const std::string& line : lines_of(write(sample, "text", options)))
        widest = std::max(widest, display_width(line));
      CHECK(widest <= columns);
    }
  }
}

TEST_CASE("a first screen without details says how to see them") {
  CHECK(write(company(), "text", first_screen_only()).find("kube-posture scan --details\n") != std::string::npos);
  CHECK(write(company(), "text", ReportOptions()).find("--details") == std::string::npos);
}

TEST_CASE("plain http is warned of, and not as a certificate that was not verified") {
  Sample sample = refused();
  sample.assessment.about.server = "http://127.0.0.1:8080";
  const std::string text = write(sample, "text", {});
  CHECK(text.find("Warning   plain http: anybody on the way can read and change what comes\n") != std::string::npos);
  CHECK(text.find("certificate was not verified") == std::string::npos);
}

TEST_CASE("nothing a cluster says reaches the terminal raw") {
  for (const Scenario& scenario : scenarios()) {
    for (const std::string format : {"text", "json"}) {
      for (const std::string& line : lines_of(write(scenario.make(), format, {}))) {
        CAPTURE(scenario.name, format);
        REQUIRE(escape_controls(line) == line);
      }
    }
  }
}

TEST_CASE("JSON says the same as what went in, hostile or not") {
  const Sample sample = hostile();
  const JsonDocument document(write(sample, "json", {}), "report");
  const Value root = document.root();
  CHECK(root["schemaVersion"].text() == kReportSchemaVersion);
  std::string expected = sample.assessment.about.context;
  const std::size_t invalid = valid_utf8_prefix(expected);
  expected.replace(invalid, 1, "\uFFFD");
  CHECK(root["cluster"]["context"].text() == expected);
  const Value outcome = root["outcomes"].at(1);
  CHECK(outcome["state"].text() == "fail");
  CHECK(outcome["observed"]["k\u202e"].text() == "v\x1b[31m\u009b");
}

TEST_CASE("outcomes are counted alike in JSON and in the assessment") {
  for (const Scenario& scenario : scenarios()) {
    const Sample sample = scenario.make();
    const JsonDocument document(write(sample, "json", {}), "report");
    const Value root = document.root();
    CHECK(root["outcomes"].size() == sample.assessment.outcomes.size());
    CHECK(root["checks"].size() == sample.assessment.checks.size());
    CHECK(root["gaps"].size() == sample.assessment.gaps.size());
    CHECK(root["frameworks"].size() == sample.catalog.frameworks.size());
  }
}

TEST_CASE("an incomplete scan ends with 3, which gates may beat") {
  const Sample whole = clean();
  CHECK(report_of(whole).exit_code == 0);
  CHECK(report_of(whole).exit_codes.empty());
  const Sample sample = refused();
  Report report = report_of(sample);
  CHECK(report.exit_code == 3);
  add_exit_code(report, 2);
  add_exit_code(report, 3);
  CHECK(report.exit_code == 2);
  CHECK(report.exit_codes == std::vector<int>{2, 3});
  const Sample offline = files();
  CHECK(report_of(offline).exit_code == 0);
}

TEST_CASE("fixes are ranked by severity, then by what they gain") {
  const Sample sample = company();
  const std::string text = write(sample, "text", first_screen_only());
  const std::size_t privileged = text.find("privileged-container");
  const std::size_t pid = text.find("host-pid");
  CHECK(privileged < pid);
  CHECK(pid != std::string::npos);
}

TEST_CASE("a stream that fails is an error, not silence") {
  for (const ReportFormat& format : report_formats()) {
    std::ostringstream out;
    out.setstate(std::ios::badbit);
    CHECK_THROWS_AS(format.write(report_of(company()), {}, out), Error);
  }
}

TEST_CASE("formats are found by name") {
  CHECK(report_format("json")->name == std::string("json"));
  CHECK(report_format("yaml") == nullptr);
}
