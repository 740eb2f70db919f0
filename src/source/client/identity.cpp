// SPDX-License-Identifier: Apache-2.0
#include "source/client/identity.h"

#include <array>
#include <optional>

#include "base/json.h"
#include "source/client/fetch.h"

namespace posture {
namespace {

/// The body of a good JSON answer to one request; nullopt when it was refused or is something else.
std::optional<JsonDocument> read(Session& session, const HttpRequest& request) {
  std::vector<HttpAnswer> answers = fetch(session, {&request, 1});
  const Response response = to_response(std::move(answers.front()), request.accept, request.path);
  if (response.gap) return std::nullopt;
  try {
    return JsonDocument(response.body, request.path);
  } catch (const Error&) { return std::nullopt; }
}

/// SelfSubjectReview is v1 since 1.28, v1beta1 before; proxies may not know it at all.
void ask_who_we_are(Session& session, About& about) {
  for (const char* version : {"v1", "v1beta1"}) {
    const std::string api = std::string("authentication.k8s.io/") + version;
    const HttpRequest request{"/apis/" + api + "/selfsubjectreviews", "application/json",
                              R"({"apiVersion":")" + api + R"(","kind":"SelfSubjectReview"})"};
    const std::optional<JsonDocument> review = read(session, request);
    if (!review) continue;
    const Value user = review->root()["status"]["userInfo"];
    about.user = user["username"].text();
    for (const Node& group : user["groups"].elements()) about.groups.emplace_back(Value(&group).text());
    return;
  }
}

}  // namespace

About introduce(Session& session) {
  About about;
  about.kind = "live";
  about.server = session.connection.server;
  about.context = session.connection.context;
  about.tls_verified =
      !session.connection.insecure_skip_tls_verify && session.connection.server.starts_with("https://");
  if (const auto version = read(session, {"/version", "application/json", ""})) {
    about.version = version->root()["gitVersion"].text();
  }
  ask_who_we_are(session, about);
  if (const auto ns = read(session, {"/api/v1/namespaces/kube-system", "application/json", ""})) {
    about.uid = ns->root()["metadata"]["uid"].text();
  }
  return about;
}

}  // namespace posture
