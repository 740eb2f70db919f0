// SPDX-License-Identifier: Apache-2.0
// The files of kubeconfig-samples/, and a real kubectl to compare with.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

inline const std::string kSamples = POSTURE_TEST_DATA "/../kubeconfig-samples/";

inline std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string merge_pair(const std::string& folder) {
  return folder + "merge-1-context.yaml:" + folder + "merge-2-entries.yaml";
}

/// Every sample in `folder` that is a kubeconfig of its own, and the pair.
inline std::vector<std::string> sample_lists(const std::string& folder) {
  std::vector<std::string> lists = {merge_pair(folder)};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && name != "README.md" && name.rfind("merge-", 0) != 0) {
      lists.push_back(entry.path().string());
    }
  }
  return lists;
}

/// Standard output of a command; nullopt when it fails.
inline std::optional<std::string> run_command(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string out;
  char block[4096];
  while (const std::size_t got = std::fread(block, 1, sizeof block, pipe)) out.append(block, got);
  return pclose(pipe) == 0 ? std::optional(out) : std::nullopt;
}

/// A kubectl that does what it is told. Google's is a dispatcher, which contacts the cluster first to learn which of the
/// versions beside it to call: then one of those. "" when there is none.
inline std::string real_kubectl() {
  const auto found = run_command("command -v kubectl");
  if (!found) return "";
  const std::filesystem::path kubectl = std::filesystem::canonical(found->substr(0, found->find('\n')));
  const auto version = run_command(kubectl.string() + " version --client 2>/dev/null");
  if (!version) return "";
  if (version->find("dispatcher") == std::string::npos) return kubectl;
  std::string newest;
  for (const auto& entry : std::filesystem::directory_iterator(kubectl.parent_path())) {
    const std::string name = entry.path().string();
    if (entry.path().filename().string().rfind("kubectl.1.", 0) == 0) newest = std::max(newest, name);
  }
  return newest;
}
