// What every part of cst_to_ast shares: where the text is, where the tree goes, whom to tell.
//
// Converters report what is wrong and return nothing (an id without a value, an empty optional); whoever called them then
// returns nothing too, without a word, so one mistake gives one error. They convert all operands first, so two mistakes give two.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/parse/parse.h"
#include "compiler/parse/syntax_error.h"
#include "compiler/parse/text_to_cst.h"

namespace remit::parse {

using Tree = antlr4::tree::ParseTree;
using Rule = antlr4::ParserRuleContext;

struct Conversion {
  FileId file;
  ParseContext& context;
  ast::Ast& ast;
  // Names bound where we are: by quantifiers, or in a breaker's `trip`.
  std::vector<SymbolId> locals = {};

  auto SpanOf(const Rule* rule) const -> Span;
  auto SpanOf(const antlr4::tree::TerminalNode* terminal) const -> Span;
  // From the first token of `first` to the last of `last`.
  auto SpanOver(const Rule* first, const Rule* last) const -> Span;
  auto TextOf(const Rule* rule) const -> std::string_view { return context.sources.text(SpanOf(rule)); }
  auto TextOf(const antlr4::tree::TerminalNode* terminal) const -> std::string_view { return context.sources.text(SpanOf(terminal)); }

  auto Intern(std::string_view text) const -> SymbolId { return context.interner.Intern(text); }
  auto IsLocal(std::string_view name) const -> bool;

  template <typename... Args>
  auto Report(DiagnosticCode code, Span span, const Args&... args) -> Diagnostic& {
    return context.sink.Report(code, span, args...);
  }

  auto Add(Span span, ast::ExprNode node) -> ast::ExprId { return ast.Add({.span = span, .node = std::move(node)}); }
};

// The rule a tree is, or the type of the token it is: children have known places, so no dynamic_cast is needed on hot paths.
inline auto AsRule(Tree* tree) -> Rule* { return static_cast<Rule*>(tree); }
inline auto TokenType(Tree* tree) -> size_t { return static_cast<antlr4::tree::TerminalNode*>(tree)->getSymbol()->getType(); }

}  // namespace remit::parse
