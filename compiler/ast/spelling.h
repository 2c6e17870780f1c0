// How the fixed vocabulary of expressions is written: one row a word, shared by the printer, the dump and the JSON form.
#pragma once

#include <string>
#include <string_view>

#include "compiler/ast/ast.h"

namespace remit::ast {

auto VarName(Var var) -> std::string_view;
auto SlotName(Slot slot) -> std::string_view;
auto EffectName(Effect effect) -> std::string_view;
auto ConditionKeyword(ConditionKind kind) -> std::string_view;
auto StateKeyword(StateKind kind) -> std::string_view;
auto QuantifierName(QuantifierKind kind) -> std::string_view;
auto UnaryText(UnaryOp op) -> std::string_view;
// `&&`, `in`, `containsAll`: an infix operator or the name of a method.
auto BinaryText(BinaryOp op) -> std::string_view;
auto IsMethod(BinaryOp op) -> bool;

// The elements as the inside of a pattern literal: wildcards as `*`, stars that stand for themselves as `\*`.
auto PatternText(const std::vector<PatternElement>& pattern, const Interner& interner) -> std::string;
// A name where an identifier may stand for a string: as it is if it can be, else in quotes.
auto KeyText(std::string_view key) -> std::string;

}  // namespace remit::ast
