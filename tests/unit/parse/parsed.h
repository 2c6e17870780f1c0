// What every test of the parser starts from: text parsed into a tree, with what was reported.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/printer.h"
#include "compiler/parse/parse.h"

namespace remit {

struct Parsed {
  SourceManager sources;
  Interner interner;
  DiagnosticSink sink;
  ast::Ast ast;
  FileId file;
  bool good = false;

  Parsed(std::string text, Limits limits = {}) {
    file = sources.Add("test.remit", std::move(text));
    ParseContext context{.sources = sources, .interner = interner, .sink = sink, .limits = limits};
    good = ParsePolicies(file, context, ast);
  }

  auto codes() const -> std::vector<std::string> {
    std::vector<std::string> names;
    for (const auto& diagnostic : sink.diagnostics()) names.emplace_back(CodeName(diagnostic.code));
    return names;
  }
  // All diagnostics as a person reads them, for failure messages.
  auto report() const -> std::string {
    std::string text;
    for (const auto& diagnostic : sink.diagnostics()) text += FormatDiagnostic(diagnostic, sources);
    return text;
  }
  // The source under the first diagnostic.
  auto blamed() const -> std::string { return sink.diagnostics().empty() ? "" : std::string{sources.text(sink.diagnostics()[0].span)}; }
  auto help() const -> std::string { return sink.diagnostics().empty() ? "" : sink.diagnostics()[0].help; }
};

// A policy whose only condition is `expression`.
inline auto InPolicy(std::string_view expression) -> std::string {
  return "permit(principal, action, resource) when {" + std::string{expression} + "\n};";
}

// How an expression was understood: printed from its tree. The code of the first error, in angle brackets, if it was not.
inline auto Understood(std::string_view expression) -> std::string {
  Parsed parsed{InPolicy(expression)};
  if (!parsed.good) return "<" + parsed.codes().at(0) + ">";
  const auto& policy = std::get<ast::Policy>(parsed.ast.statements.at(0).body);
  return ast::PrintExpr(parsed.ast, policy.conditions.at(0).body, parsed.interner);
}

// The code of the first error of a file, or "ok".
inline auto Verdict(std::string text) -> std::string {
  Parsed parsed{std::move(text)};
  return parsed.good ? "ok" : parsed.codes().at(0);
}

}  // namespace remit
