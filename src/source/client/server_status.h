// SPDX-License-Identifier: Apache-2.0
// What a server says when it does not answer: Kubernetes' Status objects, and pages of whoever stands in front of it.
#pragma once

#include <string>
#include <string_view>

#include "posture/source.h"
#include "source/client/http_head.h"

namespace posture {

inline constexpr std::size_t kMaxErrorBytes = 64 * 1024;  ///< of a refusal's body that are looked at
inline constexpr std::size_t kMaxQuotedBytes = 500;       ///< of it that are shown

/// A refusal: the HTTP status, and what the body adds.
struct ServerStatus {
  int code = 0;
  std::string reason;          ///< "Forbidden", "Expired"; "" when the body is no Status
  std::string message;         ///< the server's words, printable, at most kMaxQuotedBytes
  std::string continue_token;  ///< of a 410: resumes the list at another resource version
};

/// `code` is the HTTP status; a 2xx with a Status in it takes the Status' own code.
ServerStatus read_status(int code, std::string_view body);

/// Whether an object of this kind and apiVersion is a Status.
bool is_status_object(std::string_view kind, std::string_view api_version);

GapReason gap_reason(int status);

/// "the server answered 503: …"; of a 403, the server's words alone.
std::string describe(const ServerStatus& status);
/// The same for an answer that is no 2xx, redirects included.
std::string describe_refusal(const HttpHead& head, std::string_view body);
/// "the answer is text/html, not what was asked for: …"
std::string describe_wrong_type(const HttpHead& head, std::string_view body);

/// "text/html; charset=utf-8" -> "text/html"
std::string media_type(std::string_view content_type);

/// Whether `content_type` is one of the media types in the Accept header `accept`. A missing one passes, as it does in
/// kubectl.
bool is_acceptable(std::string_view content_type, std::string_view accept);

}  // namespace posture
