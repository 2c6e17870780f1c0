// Functions and methods: which exist, and what a call of one becomes.
#pragma once

#include "compiler/parse/conversion.h"
#include "compiler/parse/operand.h"

namespace remit::parse {

// `name(args)`.
auto ToFunctionCall(Conversion& c, Grammar::NameContext* name, Span span, Grammar::ExpressionsContext* args) -> ast::ExprId;

// `receiver.method(args)`. The receiver has been converted; the arguments may bind a variable, so they have not.
auto ToMethodCall(Conversion& c, ast::ExprId receiver, Grammar::AnyWordContext* method, Span span, Grammar::ExpressionsContext* args)
    -> ast::ExprId;

}  // namespace remit::parse
