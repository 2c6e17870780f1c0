// What a message about a mismatch offers: the name that was meant, or what would have been right. For cold paths.
#pragma once

#include <span>
#include <string>

#include "runtime/entity/schema.h"

namespace remit {

// "did you mean `User`?", or empty.
auto SuggestEntityType(const Schema& schema, SymbolId name, const Interner& interner) -> std::string;
auto SuggestAction(const Schema& schema, EntityUid action, const Interner& interner) -> std::string;
auto SuggestField(const Type& record, SymbolId key, const Interner& interner) -> std::string;
auto SuggestId(const EntityTypeDecl& enumeration, const Interner& interner) -> std::string;

// "`A`, `B`, `C` and 5 more", in the order of their texts.
auto ListNames(std::span<const SymbolId> names, const Interner& interner) -> std::string;

// At most so many bytes of it, whole characters, then `...`: what a request sends may be long.
auto ClipText(std::string text) -> std::string;

}  // namespace remit
