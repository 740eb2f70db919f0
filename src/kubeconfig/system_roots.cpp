// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/system_roots.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "kubeconfig/config_files.h"
#include "kubeconfig/pem.h"
#include "kubeconfig/small_file.h"
#include "posture/error.h"

namespace posture {
namespace {

constexpr const char* kUsualFiles =
    "/etc/ssl/certs/ca-certificates.crt:/etc/pki/tls/certs/ca-bundle.crt:/etc/ssl/ca-bundle.pem:/etc/pki/tls/"
    "cacert.pem:"
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem:/etc/ssl/cert.pem";
constexpr const char* kUsualFolders = "/etc/ssl/certs:/etc/pki/tls/certs";
constexpr std::size_t kMaxFiles = 10'000;

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> paths;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t to = std::min(list.find(':', from), list.size());
    if (to > from) paths.push_back(list.substr(from, to - from));
    from = to + 1;
  }
  return paths;
}

/// What cannot be read holds nothing, as for Go.
std::string content_of(const std::string& path) {
  try {
    return read_small_file(path, kMaxPemBytes, "SSL_CERT_FILE, SSL_CERT_DIR").value_or("");
  } catch (const Error&) { return ""; }
}

std::string contents_of_folder(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code flaw;
  for (std::filesystem::directory_iterator entry(folder, flaw), end; !flaw && entry != end; entry.increment(flaw)) {
    if (paths.size() < kMaxFiles && entry->is_regular_file(flaw)) paths.push_back(entry->path().string());
    flaw.clear();
  }
  std::sort(paths.begin(), paths.end());
  std::string text;
  for (const std::string& path : paths) text += content_of(path) + "\n";
  return text;
}

}  // namespace

std::string system_roots(const ConnectionOptions& options) {
  const std::string file = environment_value(options, "SSL_CERT_FILE");
  const std::string folders = environment_value(options, "SSL_CERT_DIR");
  if (file.empty() && folders.empty()) return "";
  std::string text;
  for (const std::string& path : file.empty() ? split(kUsualFiles) : std::vector{file}) {
    if (text.empty()) text = content_of(path);
  }
  text += "\n";
  for (const std::string& folder : split(folders.empty() ? kUsualFolders : folders)) text += contents_of_folder(folder);
  std::string certificates = certificates_in(text);
  if (certificates.empty()) {
    throw Error(ErrorKind::config, "SSL_CERT_FILE and SSL_CERT_DIR name no certificate; correct or unset them");
  }
  return certificates;
}

}  // namespace posture
