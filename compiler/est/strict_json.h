// JSON as policies may come in: parsed into a document that keeps order and refuses what could be read two ways.
//
// Refused: duplicate keys, trailing text, a byte order mark, invalid UTF-8, nesting and size beyond the limits. Numbers are kept
// as they are; whether one is acceptable depends on where it stands. The library's own parser would keep the last of two equal
// keys, so its event interface is used instead.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "compiler/source/diagnostic.h"
#include "runtime/base/json_pointer.h"
#include "runtime/base/limits.h"

namespace remit {

using Json = nlohmann::ordered_json;

// None if something was reported.
auto ParseStrictJson(std::string_view text, const Limits& limits, DiagnosticSink& sink) -> std::optional<Json>;

// Appends a member without looking for one of the same name: `object[key]` would make large objects quadratic.
auto AppendMember(Json& object, std::string_view key, Json value) -> Json&;

}  // namespace remit
