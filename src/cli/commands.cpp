// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

namespace posture {

namespace {

constexpr Command kCommands[] = {
    {"scan", "Check a cluster (or manifests, or a snapshot) and report what is wrong, how bad it is and how to fix it",
     declare_scan},
    {"snapshot", "Record what a scan of everything would read, without secrets, to be scanned later", declare_snapshot},
    {"eval", "Evaluate an expression as checks use it, over an object of a file", declare_eval},
    {"explain", "Say what a check looks for, why it matters and how to fix it", declare_explain},
    {"checks", "List the checks", declare_checks},
    {"frameworks", "List the frameworks, or the requirements of one", declare_frameworks},
    {"permissions", "Print the least role for a scan, or say what the current identity lacks", declare_permissions},
    {"connect", "Try the connection that a scan would use, and say step by step what works and what does not",
     declare_connect},
    {"context", "Print the kubeconfig context and server that a scan would use", declare_context},
    {"version", "Print the version of this program and of its checks", declare_version},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace posture
