// SPDX-License-Identifier: Apache-2.0
// Host tool of the build: checks every check file and writes them as one C++ source, so that the program starts without YAML.
#include <fstream>
#include <iostream>

#include "catalog/read.h"

namespace {

constexpr std::size_t kLineBytes = 8000;  // string literals of a length every compiler takes

void write_literals(const std::string& text, std::ostream& out) {
  for (std::size_t start = 0; start < text.size(); start += kLineBytes) {
    out << "R\"~catalog~(" << text.substr(start, kLineBytes) << ")~catalog~\"\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: posture-embed CHECKS_FOLDER OUTPUT.cpp\n";
    return 2;
  }
  try {
    const std::string packed = posture::pack_catalog(argv[1]);
    posture::unpack_catalog(packed);  // refuses duplicates and dangling controls
    std::ofstream out(argv[2], std::ios::binary);
    out << "#include \"catalog/builtin.h\"\nconst char posture::kPackedCatalog[] =\n";
    write_literals(packed, out);
    out << ";\nconst unsigned long posture::kPackedCatalogSize = sizeof(posture::kPackedCatalog) - 1;\n";
    return out.flush() ? 0 : 1;
  } catch (const posture::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
