// Who vouches for a bundle: a signed note of its digest, in a file beside it.
//
// Beside and not inside: several people can sign one bundle without changing it, and its digest stays what its version is called by.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/audit/note.h"
#include "runtime/base/error.h"

namespace remit::audit {

// `digest`: 64 hexadecimal digits, as Bundle::digest gives them. `name`: a note's name, whose key it is.
auto SignBundle(std::string_view digest, const std::string& name, const approval::SigningKey& key) -> std::string;

// At least one of the verifiers signed this digest. Codes: those of note.h, "bundle-note-malformed", "signed-another-bundle".
auto VerifyBundleNote(std::string_view note, std::string_view digest, std::span<const NoteVerifier> verifiers) -> Expected<void>;

}  // namespace remit::audit
