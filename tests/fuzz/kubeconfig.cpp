// SPDX-License-Identifier: Apache-2.0
// Any bytes as a kubeconfig: a connection comes of it, or an Error that says something.
#include "posture/kubeconfig.h"

#include <unistd.h>

#include <fstream>
#include <string>

#include "input.h"
#include "posture/error.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace posture;
  static const std::string path = "/tmp/kube-posture-fuzz." + std::to_string(::getpid());
  const std::string_view text = fuzz::text_of(data, size);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  ConnectionOptions options;
  options.kubeconfig = path;
  try {
    const Connection connection = load_connection(options);
    fuzz::demand(!connection.server.empty());
  } catch (const Error& error) { fuzz::demand(!std::string_view(error.what()).empty()); }
  ::unlink(path.c_str());
  return 0;
}
