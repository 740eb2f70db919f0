// SPDX-License-Identifier: Apache-2.0
// Certificates and keys, looked at before any transport gets them. The only file pair of this folder that names
// OpenSSL.
#pragma once

#include <string>

namespace posture {

/// The certificates in `text`, each once, written anew: rubbish around the blocks and blocks that do not parse are
/// dropped. "" when there is none.
std::string certificates_in(const std::string& text);

/// Why `certificate` and `key` (PEM) cannot serve as client identity: no certificate, no key, an encrypted key, a key
/// that is not the first certificate's. "" when they can. Never asks for a pass phrase.
std::string client_identity_flaw(const std::string& certificate, const std::string& key);

}  // namespace posture
