// Arguments that have to be string literals, because what they say is compiled with the policy: BuiltinInfo::literal_arguments.
//
// Found where calls are made, for text and for JSON policies, so that every tool reports them and no later stage meets them.
#pragma once

#include <optional>
#include <string>

#include "compiler/ast/ast.h"
#include "compiler/source/diagnostic.h"

namespace remit::ast {

struct LiteralProblem {
  DiagnosticCode code;
  std::string subject, detail;  // the arguments of the code's message
  std::string help;             // may be empty
  Span span;                    // of the argument
};

// None too for a call with the wrong number of arguments, which fails where it is evaluated.
auto FindLiteralProblem(const Ast& ast, const Interner& interner, const Call& call) -> std::optional<LiteralProblem>;

}  // namespace remit::ast
