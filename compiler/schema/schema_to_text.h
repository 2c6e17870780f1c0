// A schema's syntax tree as Cedar's schema text, not laid out: the formatter does that.
//
// JSON says of a name whether it means an entity type or a common type, text leaves it to the rules of names. Where the rules would find
// something else, a built-in type is written as `__cedar::Long`, and anything else has no form in text.
#pragma once

#include <optional>
#include <string>

#include "compiler/schema/definitions.h"
#include "compiler/schema/merge.h"

namespace remit {

// `definitions` has collected the same fragments, without errors. What has no form in text is reported: a name that text would understand
// otherwise, and an entity type whose shape is the name of a common type. Parameters of an action that can never be requested are dropped.
auto SchemaToText(const std::vector<MergedNamespace>& schema, const Definitions& definitions, ParseContext& context)
    -> std::optional<std::string>;

}  // namespace remit
