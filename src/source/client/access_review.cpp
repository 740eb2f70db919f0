// SPDX-License-Identifier: Apache-2.0
#include "source/client/access_review.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "source/client/fetch.h"
#include "source/client/server_status.h"

namespace posture {
namespace {

constexpr const char* kPath = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
constexpr const char* kJson = "application/json";

/// Adds `"name":"value"` for each that has one.
void write_members(std::span<const std::pair<std::string_view, std::string_view>> members, std::string& out) {
  const std::size_t start = out.size();
  for (const auto& [name, value] : members) {
    if (value.empty()) continue;
    if (out.size() > start) out += ",";
    write_json_string(name, out);
    out += ":";
    write_json_string(value, out);
  }
}

std::string review_of(const AccessQuestion& question) {
  std::string body = R"({"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{)";
  if (question.path.empty()) {
    const std::array<std::pair<std::string_view, std::string_view>, 5> members = {{{"namespace", question.ns},
                                                                                   {"verb", question.verb},
                                                                                   {"group", question.group},
                                                                                   {"resource", question.resource},
                                                                                   {"name", question.name}}};
    body += R"("resourceAttributes":{)";
    write_members(members, body);
  } else {
    const std::array<std::pair<std::string_view, std::string_view>, 2> members = {
        {{"path", question.path}, {"verb", question.verb}}};
    body += R"("nonResourceAttributes":{)";
    write_members(members, body);
  }
  return body + "}}}";
}

Access access_in(const Response& response) {
  if (response.gap) return {false, response.gap->message};
  JsonParser parser;
  const Value review(parser.parse_copy(response.body));
  const Value status = review["status"];
  if (review["kind"].text() != "SelfSubjectAccessReview" || !status["allowed"].is(ValueType::boolean)) {
    return {false, "the answer is not a SelfSubjectAccessReview"};
  }
  const bool allowed = status["allowed"].boolean();
  const std::string_view error = status["evaluationError"].text();
  if (!allowed && !error.empty()) return {false, printable(error, kMaxQuotedBytes)};
  return {allowed, ""};
}

}  // namespace

std::vector<Access> review_access(Session& session, std::span<const AccessQuestion> questions) {
  std::vector<HttpRequest> requests;
  requests.reserve(questions.size());
  for (const AccessQuestion& question : questions) requests.push_back({kPath, kJson, review_of(question)});
  std::vector<HttpAnswer> answers = fetch(session, requests);
  std::vector<Access> access;
  access.reserve(answers.size());
  for (HttpAnswer& answer : answers) access.push_back(access_in(to_response(std::move(answer), kJson, kPath)));
  return access;
}

}  // namespace posture
