// The request's variables, and those of their attributes that several bodies of a group read.
//
// A body that reads an attribute first would have to come before every other for LLVM to see that they read the same: each may end early. So what
// two bodies read is looked up once, in front of all.
#pragma once

#include <map>
#include <span>
#include <utility>

#include "compiler/jit/function_builder.h"
#include "runtime/ir/program.h"

namespace remit::jit {

// What is known wherever the code runs.
struct Environment {
  SymbolId principal_type = {};
  std::optional<EntityUid> action = {};
  SymbolId resource_type = {};
  const LayoutHints* hints = nullptr;
};

auto LoadVariable(FunctionBuilder& f, const Environment& environment, Variable variable) -> SsaValue;

struct SharedAttribute {
  SsaValue value;  // of no kind if it is not present
  llvm::Value* is_present;  // i1
};
// By variable and key.
using SharedAttributes = std::map<std::pair<Variable, uint32_t>, SharedAttribute>;

// Looks up what more than one of the bodies reads. Such an attribute's entity is looked up too if more than one reads its attributes.
auto ShareAttributes(FunctionBuilder& f, const Environment& environment, const ir::Program& program, std::span<const uint32_t> bodies)
    -> SharedAttributes;

}  // namespace remit::jit
