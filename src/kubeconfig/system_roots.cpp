// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/system_roots.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
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

/// The texts of the files, each once: a usual folder holds a link or two to each certificate, and the bundle, too.
struct Texts {
  std::set<std::pair<dev_t, ino_t>> read;
  std::string text;
};

/// What cannot be read holds nothing, as for Go. False then.
bool add_file(const std::string& path, Texts& texts) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return false;
  if (!texts.read.emplace(status.st_dev, status.st_ino).second) return true;
  try {
    texts.text += read_small_file(path, kMaxPemBytes, "SSL_CERT_FILE, SSL_CERT_DIR").value_or("") + "\n";
    return true;
  } catch (const Error&) { return false; }
}

void add_folder(const std::string& folder, Texts& texts) {
  std::vector<std::string> paths;
  std::error_code flaw;
  for (std::filesystem::directory_iterator entry(folder, flaw), end; !flaw && entry != end; entry.increment(flaw)) {
    if (paths.size() < kMaxFiles && entry->is_regular_file(flaw)) paths.push_back(entry->path().string());
    flaw.clear();
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) add_file(path, texts);
}

}  // namespace

std::string system_roots(const ConnectionOptions& options) {
  const std::string file = environment_value(options, "SSL_CERT_FILE");
  const std::string folders = environment_value(options, "SSL_CERT_DIR");
  if (file.empty() && folders.empty()) return "";
  Texts texts;
  for (const std::string& path : file.empty() ? split(kUsualFiles) : std::vector{file}) {
    if (add_file(path, texts)) break;
  }
  for (const std::string& folder : split(folders.empty() ? kUsualFolders : folders)) add_folder(folder, texts);
  std::string certificates = certificates_in(texts.text);
  if (certificates.empty()) {
    throw Error(ErrorKind::config, "SSL_CERT_FILE and SSL_CERT_DIR name no certificate; correct or unset them");
  }
  return certificates;
}

}  // namespace posture
