// A schema's syntax tree as a document in Cedar's JSON format: everything that the tree says, annotations and common types too.
#pragma once

#include <string>

#include "compiler/schema/merge.h"

namespace remit {

// Every schema has a JSON form. Reading it gives a schema with the same meaning. Types declared together are declared one by one.
auto SchemaToJson(const std::vector<MergedNamespace>& schema, const Interner& interner) -> std::string;

}  // namespace remit
