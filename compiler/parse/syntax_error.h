// Where ANTLR stopped, and what the author is told about it.
#pragma once

#include <antlr4-runtime.h>

#include "compiler/parse/token_buffer.h"
#include "compiler/source/diagnostic.h"

namespace remit::parse {

// The first token that fits nowhere. Statements are small and the next one is parsed anyway, so what follows is not guessed at.
struct SyntaxError {
  size_t index = 0;                    // into the token buffer
  antlr4::misc::IntervalSet expected;  // token types that would have fitted; empty if that takes more than one token to say
};

struct SyntaxReport {
  const TokenBuffer& tokens;
  const antlr4::dfa::Vocabulary& vocabulary;
  FileId file;
  const SourceManager& sources;
  DiagnosticSink& sink;
};

void ReportSyntaxError(const SyntaxError& error, const SyntaxReport& report);

// For a token of type INVALID or UNTERMINATED_STRING; `before` holds what came before it in its statement.
void ReportInvalidToken(const antlr4::Token& token, const TokenBuffer& before, FileId file, const SourceManager& sources,
                        DiagnosticSink& sink);

auto TokenSpan(const antlr4::Token& token, FileId file) -> Span;

// Source text for a message: on one line and not too long.
auto Clip(std::string_view text) -> std::string;

}  // namespace remit::parse
