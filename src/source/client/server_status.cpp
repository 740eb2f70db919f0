// SPDX-License-Identifier: Apache-2.0
#include "source/client/server_status.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"

namespace posture {

bool is_status_object(std::string_view kind, std::string_view api_version) {
  return kind == "Status" && api_version == "v1";
}

ServerStatus read_status(int code, std::string_view body) {
  ServerStatus status;
  status.code = code;
  JsonParser parser;
  const Value root(parser.parse_copy(body));
  if (!is_status_object(root["kind"].text(), root["apiVersion"].text())) {
    status.message = printable(body, kMaxQuotedBytes);
    return status;
  }
  if (code < 300) status.code = static_cast<int>(std::clamp<std::int64_t>(root["code"].integer(), 0, 999));
  status.reason = root["reason"].text();
  status.message = printable(root["message"].text(), kMaxQuotedBytes);
  status.continue_token = root["metadata"]["continue"].text();
  return status;
}

GapReason gap_reason(int status) {
  struct Row {
    int first;
    int last;
    GapReason reason;
  };
  static constexpr std::array kRows = {
      Row{403, 403, GapReason::forbidden},   Row{404, 406, GapReason::not_served},
      Row{415, 415, GapReason::not_served},  Row{410, 410, GapReason::unavailable},
      Row{429, 429, GapReason::unavailable}, Row{500, 599, GapReason::unavailable},
      Row{0, 0, GapReason::unavailable},
  };
  for (const Row& row : kRows) {
    if (status >= row.first && status <= row.last) return row.reason;
  }
  return GapReason::malformed;
}

std::string describe(const ServerStatus& status) {
  if (status.code == 403 && !status.reason.empty() && !status.message.empty()) return status.message;
  const std::string answer = "the server answered " + std::to_string(status.code);
  return status.message.empty() ? answer : answer + ": " + status.message;
}

std::string describe_refusal(const HttpHead& head, std::string_view body) {
  if (head.status >= 300 && head.status < 400 && head.status != 304) {
    return "the server redirects (" + std::to_string(head.status) + ") to " +
           (head.location.empty() ? "nowhere" : head.location) + ", which is not followed";
  }
  return describe(read_status(head.status, body));
}

std::string describe_wrong_type(const HttpHead& head, std::string_view body) {
  const std::string quoted = printable(body, kMaxQuotedBytes);
  return "the answer is " + printable(media_type(head.content_type), 100) + ", not what was asked for" +
         (quoted.empty() ? "" : ": " + quoted);
}

std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find_first_of(";, \t")));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return type;
}

bool is_acceptable(std::string_view content_type, std::string_view accept) {
  const std::string type = media_type(content_type);
  if (type.empty()) return true;
  while (!accept.empty()) {
    const std::size_t end = std::min(accept.find(','), accept.size());
    const std::string_view part = accept.substr(0, end);
    const std::string wanted = media_type(part.substr(std::min(part.find_first_not_of(' '), part.size())));
    if (wanted == type || wanted == "*/*") return true;
    accept.remove_prefix(std::min(end + 1, accept.size()));
  }
  return false;
}

}  // namespace posture
