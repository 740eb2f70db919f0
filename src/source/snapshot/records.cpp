// SPDX-License-Identifier: Apache-2.0
#include "source/snapshot/records.h"

#include <string_view>

#include "base/json.h"

namespace posture {

namespace {

/// Writes one JSON object field by field.
class Fields {
 public:
  explicit Fields(std::string& out) : out_(out) { out_.push_back('{'); }
  Fields& text(std::string_view key, std::string_view value) {
    write_json_string(value, name(key));
    return *this;
  }
  Fields& raw(std::string_view key, std::string_view json) {
    name(key).append(json);
    return *this;
  }
  void close() { out_.push_back('}'); }
  std::string& name(std::string_view key) {
    if (out_.back() != '{') out_.push_back(',');
    write_json_string(key, out_);
    out_.push_back(':');
    return out_;
  }

 private:
  std::string& out_;
};

void write_resource(const Resource& resource, std::string& out) {
  Fields fields(out);
  fields.text("group", resource.group)
      .text("version", resource.version)
      .text("name", resource.name)
      .text("kind", resource.kind);
  fields.raw("namespaced", resource.namespaced ? "true" : "false").close();
}

Resource read_resource(Value value) {
  return {std::string(value["group"].text()), std::string(value["version"].text()), std::string(value["name"].text()),
          std::string(value["kind"].text()), value["namespaced"].boolean()};
}

template <typename Element, typename Write>
void write_list(const std::vector<Element>& elements, std::string& out, Write write) {
  out.push_back('[');
  for (const Element& element : elements) {
    if (out.back() != '[') out.push_back(',');
    write(element, out);
  }
  out.push_back(']');
}

}  // namespace

void write_record(const About& about, std::string& out) {
  Fields fields(out);
  fields.text("version", about.version)
      .text("server", about.server)
      .text("context", about.context)
      .text("namespace", about.ns)
      .text("user", about.user);
  write_list(about.groups, fields.name("groups"),
             [](const std::string& group, std::string& to) { write_json_string(group, to); });
  fields.text("uid", about.uid)
      .text("kind", about.kind)
      .raw("tlsVerified", about.tls_verified ? "true" : "false")
      .close();
}

About read_about(Value value) {
  About about;
  about.version = value["version"].text();
  about.server = value["server"].text();
  about.context = value["context"].text();
  about.ns = value["namespace"].text();
  about.user = value["user"].text();
  for (const Node& group : value["groups"].elements()) about.groups.emplace_back(Value(&group).text());
  about.uid = value["uid"].text();
  about.kind = value["kind"].text();
  about.tls_verified = value["tlsVerified"].boolean();
  return about;
}

void write_record(const std::optional<Gap>& gap, std::string& out) {
  if (!gap) {
    out += "null";
    return;
  }
  Fields fields(out);
  fields.text("resource", gap->resource).text("namespace", gap->ns).raw("status", std::to_string(gap->status));
  fields.text("reason", to_string(gap->reason))
      .text("message", gap->message)
      .raw("partial", gap->partial ? "true" : "false")
      .close();
}

std::optional<Gap> read_gap(Value value) {
  if (!value.is_map()) return std::nullopt;
  return Gap{std::string(value["resource"].text()),
             std::string(value["namespace"].text()),
             static_cast<int>(value["status"].integer()),
             parse_gap_reason(value["reason"].text()).value_or(GapReason::malformed),
             std::string(value["message"].text()),
             value["partial"].boolean()};
}

void write_record(const Discovery& discovery, std::string& out) {
  Fields fields(out);
  write_list(discovery.resources, fields.name("resources"), write_resource);
  write_list(discovery.gaps, fields.name("gaps"),
             [](const Gap& gap, std::string& to) { write_record(std::optional<Gap>(gap), to); });
  fields.close();
}

Discovery read_discovery(Value value) {
  Discovery discovery;
  for (const Node& resource : value["resources"].elements())
    discovery.resources.push_back(read_resource(Value(&resource)));
  for (const Node& gap : value["gaps"].elements()) {
    if (std::optional<Gap> read = read_gap(Value(&gap))) discovery.gaps.push_back(std::move(*read));
  }
  return discovery;
}

void write_record(const ListRequest& request, std::string& out) {
  Fields fields(out);
  write_resource(request.resource, fields.name("resource"));
  fields.text("namespace", request.ns);
  if (request.metadata_only) fields.raw("metadataOnly", "true");
  fields.close();
}

ListRequest read_list_request(Value value) {
  return {read_resource(value["resource"]), std::string(value["namespace"].text()), value["metadataOnly"].boolean()};
}

void write_record(const GetRequest& request, const Response& response, std::string& out) {
  Fields fields(out);
  fields.text("path", request.path).text("accept", request.accept).raw("status", std::to_string(response.status));
  fields.text("contentType", response.content_type).text("body", response.body);
  write_record(response.gap, fields.name("gap"));
  fields.close();
}

Response read_response(Value value) {
  return {static_cast<int>(value["status"].integer()), std::string(value["contentType"].text()),
          std::string(value["body"].text()), read_gap(value["gap"])};
}

}  // namespace posture
