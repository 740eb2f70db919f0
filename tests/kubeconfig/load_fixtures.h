// SPDX-License-Identifier: Apache-2.0
// What tests of kubeconfigs share: a folder and an environment of their own, errors as values.
#pragma once

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "kubeconfig/config_file.h"
#include "kubeconfig/pem.h"
#include "posture/error.h"
#include "posture/kubeconfig.h"

using posture::Connection;
using posture::Error;

inline const std::string kKeys = POSTURE_TEST_DATA "/kubeconfig/keys/";
inline const std::string kPki = POSTURE_TEST_DATA "/../kubeconfig-samples/pki/";

struct Row {
  std::string text;
  std::string message;
};

/// A folder of its own for each test, and an environment.
class World {
 public:
  World() {
    std::string name = (std::filesystem::temp_directory_path() / "posture-kubeconfig-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  World(const World&) = delete;
  ~World() { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = std::filesystem::path(folder_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  posture::ConnectionOptions options() const {
    posture::ConnectionOptions options;
    options.service_account_folder = folder_ + "/sa";
    options.environment = [this](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return options;
  }
  Connection load() const { return posture::load_connection(options()); }
  Connection load_file(const std::string& text) {
    variables["KUBECONFIG"] = write("config", text);
    return load();
  }

  std::map<std::string, std::string> variables;

 private:
  std::string folder_;
};

/// Message of the Error(config); "" when nothing is thrown.
template <typename Act>
std::string failure(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    CHECK(error.kind() == posture::ErrorKind::config);
    return error.what();
  }
  return "";
}

inline std::string config(const std::string& cluster, const std::string& user, const std::string& context = "") {
  return "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u" + context +
         "}}]\nclusters: [{name: k, cluster: {" + cluster + "}}]\nusers: [{name: u, user: {" + user + "}}]\n";
}
inline std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
