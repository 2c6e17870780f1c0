// Keys in files: one PEM a file.
#pragma once

#include <string>

#include "runtime/approval/keys.h"

namespace remit::approval {

// Codes of all: "file-unreadable", and those of keys.h.
auto ReadSigningKey(const std::string& path) -> Expected<SigningKey>;
// Of a private key's file the public part.
auto ReadPublicKey(const std::string& path) -> Expected<PublicKey>;

// For its owner's eyes alone (mode 0600). Codes: "file-exists" (a key is never overwritten), "file-unwritable".
auto WriteSigningKey(const std::string& path, const SigningKey& key) -> Expected<void>;
auto WritePublicKey(const std::string& path, const PublicKey& key) -> Expected<void>;

}  // namespace remit::approval
