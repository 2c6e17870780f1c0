// Of which entities a program asks what they are in.
#pragma once

#include "runtime/ir/program.h"

namespace remit::ir {

// Whether a body asks it of an entity that is neither principal, action nor resource, but the value of an attribute, say. Few do: then nobody needs to
// know the ancestors of entities that values hold. May say yes of a body that does not.
auto AsksOfValues(const Body& body) -> bool;

}  // namespace remit::ir
