// SPDX-License-Identifier: Apache-2.0
// From cluster and user entries to trust and identity: conflicts, files, certificates, tokens.
#pragma once

#include <string>

#include "kubeconfig/config_file.h"
#include "posture/kubeconfig.h"

namespace posture {

std::string trimmed(const std::string& text);

/// Whether a token can stand in an HTTP header: one word.
bool is_header_text(const std::string& token);

/// The certificates in `text`. Throws Error(config) naming `field` when there is none.
std::string trusted_certificates(const std::string& text, const std::string& field, const std::string& where);

/// Throws Error(config) unless the file holds one token.
void require_token_file(const std::string& path);

/// Server, trust and transport settings of a cluster entry. Throws Error(config).
void apply_cluster(const ClusterEntry& cluster, const std::string& name, Connection& connection);

/// Who we are: certificate and key, token, token file or user name and password. Throws Error(config), also when there
/// is nothing to authenticate with or when the server, already applied, is plain http and credentials would travel
/// openly. False: its plugin, which credentials in the entry would silence, is to be asked.
bool apply_user(const UserEntry& user, const std::string& name, Connection& connection);

}  // namespace posture
