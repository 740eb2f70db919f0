// SPDX-License-Identifier: Apache-2.0
// Any bytes as the body of a refusal or of a discovery document.
#include "input.h"
#include "source/client/api_groups.h"
#include "source/client/http_head.h"
#include "source/client/item_identity.h"
#include "source/client/server_status.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace posture;
  using fuzz::demand;
  const std::string body(fuzz::text_of(data, size));
  const ServerStatus status = read_status(500, body);
  demand(status.code != 0 && status.message.size() <= 8 * kMaxQuotedBytes);
  for (const auto& versions : {read_aggregated(body), read_versions(body)}) {
    if (versions) demand(preferred_resources(*versions).size() <= size);
  }
  GroupVersion version{"apps", "v1", {}, false};
  demand(read_resources(body, version) || version.resources.empty());
  HttpHead head;
  note_header(body, head);
  demand(head.location.size() <= size * 8 + 16);
  demand(item_identity(body).size() <= 2 * size + 1 && item_name(body).size() <= 2 * size + 1);
  return 0;
}
