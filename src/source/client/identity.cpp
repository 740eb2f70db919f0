// SPDX-License-Identifier: Apache-2.0
#include "source/client/identity.h"

#include <array>
#include <optional>

#include "base/json.h"
#include "source/client/fetch.h"

namespace posture {
namespace {

/// The body of a good JSON answer to one request; nullopt and a gap when it was refused or is something else.
std::optional<JsonDocument> read(Session& session, const HttpRequest& request, std::optional<Gap>& gap) {
  std::vector<HttpAnswer> answers = fetch(session, {&request, 1});
  const Response response = to_response(std::move(answers.front()), request.accept, request.path);
  gap = response.gap;
  if (gap) return std::nullopt;
  try {
    return JsonDocument(response.body, request.path);
  } catch (const Error&) {
    gap = Gap{request.path, "", response.status, GapReason::malformed, "the answer is not JSON", false};
    return std::nullopt;
  }
}

}  // namespace

std::optional<Gap> ask_who_we_are(Session& session, About& about) {
  std::optional<Gap> gap;
  for (const char* version : {"v1", "v1beta1"}) {
    const std::string api = std::string("authentication.k8s.io/") + version;
    const HttpRequest request{"/apis/" + api + "/selfsubjectreviews", "application/json",
                              R"({"apiVersion":")" + api + R"(","kind":"SelfSubjectReview"})"};
    std::optional<Gap> refusal;
    const std::optional<JsonDocument> review = read(session, request, refusal);
    if (!review && (!gap || gap->reason == GapReason::not_served)) gap = refusal;
    if (!review) continue;
    const Value user = review->root()["status"]["userInfo"];
    about.user = user["username"].text();
    for (const Node& group : user["groups"].elements()) about.groups.emplace_back(Value(&group).text());
    return std::nullopt;
  }
  return gap;
}

About introduce(Session& session) {
  About about;
  about.kind = "live";
  about.server = session.connection.server;
  about.context = session.connection.context;
  about.ns = session.connection.ns;
  about.tls_verified =
      !session.connection.insecure_skip_tls_verify && session.connection.server.starts_with("https://");
  std::optional<Gap> ignored;
  if (const auto version = read(session, {"/version", "application/json", ""}, ignored)) {
    about.version = version->root()["gitVersion"].text();
  }
  ask_who_we_are(session, about);
  if (const auto ns = read(session, {"/api/v1/namespaces/kube-system", "application/json", ""}, ignored)) {
    about.uid = ns->root()["metadata"]["uid"].text();
  }
  return about;
}

}  // namespace posture
