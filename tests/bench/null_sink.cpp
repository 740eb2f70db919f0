// SPDX-License-Identifier: Apache-2.0
// The other floor under a scan: all that it reads, by its own client, thrown away. usage: null_sink KUBECONFIG
#include <cstdio>
#include <exception>

#include "posture/catalog.h"
#include "posture/client.h"
#include "posture/evaluate.h"
#include "posture/kubeconfig.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: null_sink KUBECONFIG\n", stderr);
    return 2;
  }
  try {
    posture::ConnectionOptions options;
    options.kubeconfig = argv[1];
    posture::ClientOptions client;
    client.user_agent = "kube-posture/bench";
    const auto source = posture::make_client(posture::load_connection(options), client);
    for (const posture::Gap& gap : posture::read_all(*source, posture::builtin_catalog(), {})) {
      if (!posture::is_incomplete(gap.reason)) continue;
      std::fprintf(stderr, "null_sink: %s: %s\n", gap.resource.c_str(), gap.message.c_str());
      return 1;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "null_sink: %s\n", error.what());
    return 1;
  }
  return 0;
}
