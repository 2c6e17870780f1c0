// A schema as a list of names with what each of them is: what two schemas are compared by.
#pragma once

#include <map>
#include <string>

#include "compiler/schema/ast.h"

namespace remit::mcp {

struct SchemaEntry {
  std::string text;  // a type, `group`, an annotation's value
  Span span;
};

// By name; what is part of another begins with that one's name. The names are those of people: `action "read" in Action::"reads"`.
using SchemaEntries = std::map<std::string, SchemaEntry>;
auto ListEntries(const schema_ast::Fragment& fragment, const Interner& interner) -> SchemaEntries;

}  // namespace remit::mcp
