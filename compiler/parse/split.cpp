#include "compiler/parse/split.h"

#include "compiler/parse/statement_splitter.h"
#include "runtime/base/text.h"

namespace remit {

auto SplitStatements(FileId file, ParseContext& context) -> std::vector<Span> {
  const auto text = context.sources.file(file).text();
  if (text.size() > context.limits.max_source_bytes || FindInvalidUtf8(text)) {
    return {{.file = file, .begin = 0, .end = static_cast<uint32_t>(text.size())}};
  }
  DiagnosticSink unheard(0);  // whoever reads the statements reports what is wrong with them
  ParseContext quiet = {.sources = context.sources, .interner = context.interner, .sink = unheard, .limits = context.limits};
  parse::StatementSplitter splitter(file, quiet);
  parse::TokenBuffer tokens;
  std::vector<Span> spans;
  while (splitter.NextStatement(tokens) != parse::StatementSplitter::Result::End) {
    const auto& all = tokens.tokens();
    if (all.empty() || all.front()->getType() == antlr4::Token::EOF) continue;
    // The last one may stand for the end; of a statement that was too large only the beginning is there.
    const auto& last = all.back()->getType() == antlr4::Token::EOF && all.size() > 1 ? all[all.size() - 2] : all.back();
    spans.push_back({.file = file,
                     .begin = static_cast<uint32_t>(all.front()->getStartIndex()),
                     .end = static_cast<uint32_t>(last->getStopIndex() + 1)});
  }
  return spans;
}

}  // namespace remit
