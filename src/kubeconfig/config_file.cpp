// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/config_file.h"

#include <set>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "base/yaml.h"
#include "posture/error.h"

namespace posture {
namespace {

enum class Form { text, path, base64 };

template <typename Entry>
struct TextField {
  std::string_view key;
  std::string Entry::* member;
  Form form;
};

template <typename Entry>
struct BoolField {
  std::string_view key;
  bool Entry::* member;
};

/// What a kind of entry may say.
template <typename Entry>
struct Fields {
  std::vector<TextField<Entry>> texts;
  std::vector<BoolField<Entry>> booleans;
};

const Fields<ClusterEntry>& fields_of(const ClusterEntry&) {
  static const Fields<ClusterEntry> fields = {
      {{"server", &ClusterEntry::server, Form::text},
       {"proxy-url", &ClusterEntry::proxy_url, Form::text},
       {"tls-server-name", &ClusterEntry::tls_server_name, Form::text},
       {"certificate-authority", &ClusterEntry::certificate_authority, Form::path},
       {"certificate-authority-data", &ClusterEntry::certificate_authority_data, Form::base64}},
      {{"insecure-skip-tls-verify", &ClusterEntry::insecure_skip_tls_verify},
       {"disable-compression", &ClusterEntry::disable_compression}}};
  return fields;
}

const Fields<UserEntry>& fields_of(const UserEntry&) {
  static const Fields<UserEntry> fields = {
      {{"client-certificate", &UserEntry::client_certificate, Form::path},
       {"client-certificate-data", &UserEntry::client_certificate_data, Form::base64},
       {"client-key", &UserEntry::client_key, Form::path},
       {"client-key-data", &UserEntry::client_key_data, Form::base64},
       {"token", &UserEntry::token, Form::text},
       {"tokenFile", &UserEntry::token_file, Form::path},
       {"username", &UserEntry::username, Form::text},
       {"password", &UserEntry::password, Form::text}},
      {}};
  return fields;
}

const Fields<ContextEntry>& fields_of(const ContextEntry&) {
  static const Fields<ContextEntry> fields = {{{"cluster", &ContextEntry::cluster, Form::text},
                                               {"user", &ContextEntry::user, Form::text},
                                               {"namespace", &ContextEntry::ns, Form::text}},
                                              {}};
  return fields;
}

bool is_set(Value value) { return value.present() && !value.is_null(); }

class FileReader {
 public:
  FileReader(const YamlDocument& document, const std::string& file)
      : root_(document.root()),
        fields_(document, file),
        file_(file) {}

  Kubeconfig read() const;

 private:
  void check_header() const;
  void check_extensions(Value owner) const;
  std::string text(Value value, std::string_view key, Form form) const;
  void read_rest(Value body, ClusterEntry& cluster) const;
  void read_rest(Value body, UserEntry& user) const;
  void read_rest(Value body, ContextEntry& context) const;
  template <typename Entry>
  Entry read_entry(Value body) const;
  template <typename Entry>
  std::map<std::string, Entry> read_list(std::string_view list_key, std::string_view body_key) const;

  Value root_;
  FieldReader fields_;
  const std::string& file_;
};

std::string FileReader::text(Value value, std::string_view key, Form form) const {
  if (form == Form::path) return fields_.path(value, key);
  return form == Form::base64 ? fields_.base64(value, key) : fields_.text(value, key);
}

/// What plugins are told about a cluster stands in an extension of this name (client-go tools/clientcmd/api).
void FileReader::read_rest(Value body, ClusterEntry& cluster) const {
  for (const Node& node : body["extensions"].elements()) {
    const Value extension(&node);
    if (extension["name"].text() != "client.authentication.k8s.io/exec") continue;
    write_json(extension["extension"], cluster.plugin_config);
  }
}

void FileReader::read_rest(Value body, UserEntry& user) const {
  if (is_set(body["exec"])) user.plugin = read_plugin_entry(fields_, body["exec"]);
  if (is_set(body["auth-provider"])) user.auth_provider = read_auth_provider(fields_, body["auth-provider"]);
  user.impersonate.user = fields_.text(body["as"], "as");
  user.impersonate.uid = fields_.text(body["as-uid"], "as-uid");
  user.impersonate.groups = fields_.texts(body["as-groups"], "as-groups");
  fields_.check_type(body["as-user-extra"], ValueType::map, "as-user-extra");
  for (const Member& member : body["as-user-extra"].members()) {
    user.impersonate.extra.emplace_back(member.key, fields_.texts(Value(&member.node), "as-user-extra"));
  }
}

void FileReader::read_rest(Value /*body*/, ContextEntry& /*context*/) const {}

void FileReader::check_header() const {
  if (!root_.is_map())
    fields_.refuse(root_, "not a kubeconfig: a map is wanted, not " + std::string(name_of(root_.type())));
  const std::string kind = fields_.text(root_["kind"], "kind");
  const std::string version = fields_.text(root_["apiVersion"], "apiVersion");
  if (!kind.empty() && kind != "Config")
    fields_.refuse(root_["kind"], "not a kubeconfig: kind is " + printable(kind, 60));
  if (!version.empty() && version != "v1") {
    fields_.refuse(root_["apiVersion"],
                   "not a kubeconfig we know: apiVersion is " + printable(version, 60) + ", not v1");
  }
}

void FileReader::check_extensions(Value owner) const {
  fields_.check_type(owner["extensions"], ValueType::list, "extensions");
  std::set<std::string_view> names;
  for (const Node& node : owner["extensions"].elements()) {
    if (!names.insert(Value(&node)["name"].text()).second)
      fields_.refuse(Value(&node), "an extension of this name stands before");
  }
}

template <typename Entry>
Entry FileReader::read_entry(Value body) const {
  Entry entry;
  entry.origin = {file_, fields_.place(body)};
  const Fields<Entry>& fields = fields_of(entry);
  for (const TextField<Entry>& field : fields.texts) entry.*field.member = text(body[field.key], field.key, field.form);
  for (const BoolField<Entry>& field : fields.booleans) {
    entry.*field.member = fields_.flag(body[field.key], field.key);
  }
  check_extensions(body);
  read_rest(body, entry);
  return entry;
}

template <typename Entry>
std::map<std::string, Entry> FileReader::read_list(std::string_view list_key, std::string_view body_key) const {
  const Value list = root_[list_key];
  fields_.check_type(list, ValueType::list, list_key);
  if (list.size() > kMaxKubeconfigEntries) {
    fields_.refuse(list,
                   std::string(list_key) + " has more than " + std::to_string(kMaxKubeconfigEntries) + " entries");
  }
  std::map<std::string, Entry> entries;
  for (const Node& node : list.elements()) {
    const Value item(&node);
    fields_.check_type(item, ValueType::map, list_key);
    fields_.check_type(item[body_key], ValueType::map, body_key);
    const std::string name = fields_.text(item["name"], "name");
    if (!entries.emplace(name, read_entry<Entry>(item[body_key])).second) {
      fields_.refuse(item,
                     std::string(list_key) + ": the name \"" + printable(name, 100) + "\" stands twice in this file");
    }
  }
  return entries;
}

Kubeconfig FileReader::read() const {
  check_header();
  check_extensions(root_);
  Kubeconfig config;
  config.current_context = fields_.text(root_["current-context"], "current-context");
  config.clusters = read_list<ClusterEntry>("clusters", "cluster");
  config.users = read_list<UserEntry>("users", "user");
  config.contexts = read_list<ContextEntry>("contexts", "context");
  return config;
}

}  // namespace

Kubeconfig parse_kubeconfig(const std::string& text, const std::string& file) {
  std::vector<YamlDocument> documents;
  try {
    documents = parse_yaml(text, file);
  } catch (const Error& error) { throw Error(ErrorKind::config, error.what(), error.where()); }
  if (documents.empty() || documents.front().empty()) return {};
  return FileReader(documents.front(), file).read();
}

}  // namespace posture
