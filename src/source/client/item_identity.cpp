// SPDX-License-Identifier: Apache-2.0
#include "source/client/item_identity.h"

#include "base/json_scan.h"

namespace posture {

std::string item_identity(std::string_view item) {
  const std::string_view uid = json_text(json_member(json_member(item, "metadata"), "uid"));
  return uid.empty() ? item_name(item) : std::string(uid);
}

std::string item_name(std::string_view item) {
  const std::string_view metadata = json_member(item, "metadata");
  const std::string_view ns = json_text(json_member(metadata, "namespace"));
  const std::string_view name = json_text(json_member(metadata, "name"));
  return ns.empty() ? std::string(name) : std::string(ns) + "/" + std::string(name);
}

}  // namespace posture
