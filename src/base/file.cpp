// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "posture/error.h"

namespace posture {

namespace {

std::string read_stream(std::istream& stream, const std::string& name) {
  std::string content;
  char block[64 * 1024];
  while (stream.read(block, sizeof block) || stream.gcount() > 0) {
    content.append(block, static_cast<std::size_t>(stream.gcount()));
    if (content.size() > kMaxFileBytes) throw Error(ErrorKind::input, name + " is larger than 1 GiB");
  }
  if (stream.bad()) throw Error(ErrorKind::input, "cannot read " + name + ": " + std::strerror(errno));
  return content;
}

}  // namespace

std::string read_file(const std::string& path) {
  if (path == "-") return read_stream(std::cin, "standard input");
  if (std::filesystem::is_directory(path)) throw Error(ErrorKind::input, path + " is a folder, not a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorKind::input, "cannot open " + path + ": " + std::strerror(errno));
  return read_stream(file, path);
}

}  // namespace posture
