// Entity names as callers give them.
#pragma once

#include "runtime/capi/error.h"
#include "runtime/request/request_names.h"
#include "runtime/value/value.h"

namespace remit::capi {

// Whether the type is looked at as a name. Later: a schema will be asked for it, which has none that is malformed.
enum class TypeCheck : uint8_t { Now, Later };

// Which parts of a uid are the same in request after request; where those are looked for. Null: the part is not.
struct UsualParts {
  RequestNames* type = nullptr;
  RequestNames* id = nullptr;
};

// Fails with "invalid-name", "invalid-utf8" or as a missing argument; `pointer` says where.
auto ReadUid(remit_uid uid, Interner& interner, std::string_view pointer, TypeCheck check, const UsualParts& usual = {})
    -> ResultOf<EntityUid>;

// Strings of values: UTF-8 and not too long for one.
auto CheckText(remit_string text) -> Expected<void>;
// A uid by itself, without interning.
auto CheckUid(remit_uid uid) -> Expected<void>;

}  // namespace remit::capi
