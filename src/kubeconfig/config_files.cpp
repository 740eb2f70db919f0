// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/config_files.h"

#include <algorithm>

#include "kubeconfig/small_file.h"
#include "posture/error.h"

namespace posture {
namespace {

std::vector<std::string> split_list(const std::string& list) {
  std::vector<std::string> paths;
  std::size_t start = 0;
  while (start <= list.size()) {
    const std::size_t end = std::min(list.find(':', start), list.size());
    const std::string path = list.substr(start, end - start);
    if (!path.empty() && std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
    start = end + 1;
  }
  return paths;
}

bool is_explicit(const ConnectionOptions& options) { return options.kubeconfig && !options.kubeconfig->empty(); }

void merge_into(Kubeconfig& merged, Kubeconfig&& later) {
  if (merged.current_context.empty()) merged.current_context = later.current_context;
  merged.clusters.merge(later.clusters);
  merged.users.merge(later.users);
  merged.contexts.merge(later.contexts);
}

}  // namespace

std::string environment_value(const ConnectionOptions& options, const std::string& name) {
  return options.environment ? options.environment(name).value_or("") : "";
}

std::vector<std::string> kubeconfig_paths(const ConnectionOptions& options) {
  if (is_explicit(options)) return {options.kubeconfig.value_or("")};
  if (const std::string list = environment_value(options, "KUBECONFIG"); !list.empty()) return split_list(list);
  const std::string home = environment_value(options, "HOME");
  if (home.empty()) return {};
  return {home + "/.kube/config"};
}

Kubeconfig load_kubeconfig(const ConnectionOptions& options) {
  const std::vector<std::string> paths = kubeconfig_paths(options);
  if (paths.size() > kMaxKubeconfigFiles) {
    throw Error(ErrorKind::config, "KUBECONFIG names more than " + std::to_string(kMaxKubeconfigFiles) + " files");
  }
  Kubeconfig merged;
  for (const std::string& path : paths) {
    const std::optional<std::string> text = is_explicit(options)
                                                ? require_small_file(path, kMaxKubeconfigBytes, "--kubeconfig")
                                                : read_small_file(path, kMaxKubeconfigBytes, "kubeconfig");
    if (text) merge_into(merged, parse_kubeconfig(*text, path));
  }
  return merged;
}

}  // namespace posture
