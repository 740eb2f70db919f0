// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/config_file.h"

#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>

#include "base/base64.h"
#include "base/utf8.h"
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

/// What a kind of entry may say. `unsupported` are the fields that mean something to kubectl and not yet to us.
template <typename Entry>
struct Fields {
  std::vector<TextField<Entry>> texts;
  std::vector<BoolField<Entry>> booleans;
  std::vector<std::string_view> unsupported;
};

const Fields<ClusterEntry>& fields_of(const ClusterEntry&) {
  static const Fields<ClusterEntry> fields = {
      {{"server", &ClusterEntry::server, Form::text},
       {"tls-server-name", &ClusterEntry::tls_server_name, Form::text},
       {"certificate-authority", &ClusterEntry::certificate_authority, Form::path},
       {"certificate-authority-data", &ClusterEntry::certificate_authority_data, Form::base64}},
      {{"insecure-skip-tls-verify", &ClusterEntry::insecure_skip_tls_verify},
       {"disable-compression", &ClusterEntry::disable_compression}},
      {"proxy-url"}};
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
      {},
      {"exec", "auth-provider", "as", "as-uid", "as-groups", "as-user-extra"}};
  return fields;
}

const Fields<ContextEntry>& fields_of(const ContextEntry&) {
  static const Fields<ContextEntry> fields = {{{"cluster", &ContextEntry::cluster, Form::text},
                                               {"user", &ContextEntry::user, Form::text},
                                               {"namespace", &ContextEntry::ns, Form::text}},
                                              {},
                                              {}};
  return fields;
}

const char* name_of(ValueType type) {
  constexpr std::array kNames = {"null", "a boolean", "a number", "a number", "a string", "a list", "a map"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::string absolute_path(const std::string& path, const std::string& file) {
  const std::filesystem::path given(path);
  if (path.empty() || given.is_absolute()) return path;
  return (std::filesystem::absolute(file).parent_path() / given).lexically_normal().string();
}

/// Whether a field says anything: null and empty values are as good as absent.
bool is_set(Value value) {
  if (value.is_string()) return !value.text().empty();
  if (value.is_list() || value.is_map()) return value.size() > 0;
  return value.present() && !value.is_null();
}

class FileReader {
 public:
  FileReader(const YamlDocument& document, const std::string& file) : document_(document), file_(file) {}

  Kubeconfig read() const;

 private:
  std::string place(Value value) const {
    const YamlMark mark = document_.mark(value);
    return file_ + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
  }
  [[noreturn]] void refuse(Value value, const std::string& message) const {
    throw Error(ErrorKind::config, message, place(value));
  }
  void check_type(Value value, ValueType wanted, std::string_view key) const;
  void check_header(Value root) const;
  void check_extensions(Value owner) const;
  std::string text(Value value, std::string_view key) const;
  std::string text(Value value, std::string_view key, Form form) const;
  template <typename Entry>
  Entry read_entry(Value body) const;
  template <typename Entry>
  std::map<std::string, Entry> read_list(Value root, std::string_view list_key, std::string_view body_key) const;

  const YamlDocument& document_;
  const std::string& file_;
};

void FileReader::check_type(Value value, ValueType wanted, std::string_view key) const {
  if (value.is(wanted) || !value.present() || value.is_null()) return;
  std::string message = std::string(key) + " must be " + name_of(wanted) + ", not " + name_of(value.type());
  if (wanted == ValueType::string && !value.is_list() && !value.is_map()) message += "; put it in quotes";
  refuse(value, message);
}

std::string FileReader::text(Value value, std::string_view key) const {
  check_type(value, ValueType::string, key);
  return std::string(value.text());
}

std::string FileReader::text(Value value, std::string_view key, Form form) const {
  std::string content = text(value, key);
  if (form == Form::path) return absolute_path(content, file_);
  if (form == Form::text) return content;
  std::optional<std::string> bytes = decode_base64(content);
  if (!bytes) refuse(value, std::string(key) + " is not valid base64");
  return *bytes;
}

void FileReader::check_header(Value root) const {
  if (!root.is_map()) refuse(root, "not a kubeconfig: a map is wanted, not " + std::string(name_of(root.type())));
  const std::string kind = text(root["kind"], "kind");
  const std::string version = text(root["apiVersion"], "apiVersion");
  if (!kind.empty() && kind != "Config") refuse(root["kind"], "not a kubeconfig: kind is " + printable(kind, 60));
  if (!version.empty() && version != "v1") {
    refuse(root["apiVersion"], "not a kubeconfig we know: apiVersion is " + printable(version, 60) + ", not v1");
  }
}

void FileReader::check_extensions(Value owner) const {
  check_type(owner["extensions"], ValueType::list, "extensions");
  std::set<std::string_view> names;
  for (const Node& node : owner["extensions"].elements()) {
    if (!names.insert(Value(&node)["name"].text()).second)
      refuse(Value(&node), "an extension of this name stands before");
  }
}

template <typename Entry>
Entry FileReader::read_entry(Value body) const {
  Entry entry;
  entry.origin = {file_, place(body)};
  const Fields<Entry>& fields = fields_of(entry);
  for (const TextField<Entry>& field : fields.texts) entry.*field.member = text(body[field.key], field.key, field.form);
  for (const BoolField<Entry>& field : fields.booleans) {
    check_type(body[field.key], ValueType::boolean, field.key);
    entry.*field.member = body[field.key].boolean();
  }
  if constexpr (requires { entry.unsupported; }) {
    for (const std::string_view key : fields.unsupported) {
      if (is_set(body[key])) entry.unsupported.emplace_back(key);
    }
  }
  check_extensions(body);
  return entry;
}

template <typename Entry>
std::map<std::string, Entry> FileReader::read_list(Value root, std::string_view list_key,
                                                   std::string_view body_key) const {
  const Value list = root[list_key];
  check_type(list, ValueType::list, list_key);
  if (list.size() > kMaxKubeconfigEntries) {
    refuse(list, std::string(list_key) + " has more than " + std::to_string(kMaxKubeconfigEntries) + " entries");
  }
  std::map<std::string, Entry> entries;
  for (const Node& node : list.elements()) {
    const Value item(&node);
    check_type(item, ValueType::map, list_key);
    check_type(item[body_key], ValueType::map, body_key);
    const std::string name = text(item["name"], "name");
    if (!entries.emplace(name, read_entry<Entry>(item[body_key])).second) {
      refuse(item, std::string(list_key) + ": the name \"" + printable(name, 100) + "\" stands twice in this file");
    }
  }
  return entries;
}

Kubeconfig FileReader::read() const {
  const Value root = document_.root();
  check_header(root);
  check_extensions(root);
  Kubeconfig config;
  config.current_context = text(root["current-context"], "current-context");
  config.clusters = read_list<ClusterEntry>(root, "clusters", "cluster");
  config.users = read_list<UserEntry>(root, "users", "user");
  config.contexts = read_list<ContextEntry>(root, "contexts", "context");
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
