// SPDX-License-Identifier: Apache-2.0
#include "kubeconfig/small_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "posture/error.h"

namespace posture {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

[[noreturn]] void refuse(const std::string& field, const std::string& path, const std::string& why) {
  throw Error(ErrorKind::config, field + ": cannot read the file: " + why, path);
}

}  // namespace

std::optional<std::string> read_small_file(const std::string& path, std::size_t limit, const std::string& field) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (!file) refuse(field, path, std::strerror(errno));
  std::string content;
  char block[16 * 1024];
  while (const std::size_t got = std::fread(block, 1, sizeof block, file.get())) {
    content.append(block, got);
    if (content.size() > limit) refuse(field, path, "it is larger than " + std::to_string(limit >> 10) + " KiB");
  }
  if (std::ferror(file.get()) != 0) refuse(field, path, std::strerror(errno));
  return content;
}

std::string require_small_file(const std::string& path, std::size_t limit, const std::string& field) {
  std::optional<std::string> content = read_small_file(path, limit, field);
  if (!content) refuse(field, path, "it does not exist");
  return *content;
}

}  // namespace posture
