// `remit compile --dump tokens|cst`: the stages before the syntax tree, for people.
#include "compiler/parse/literals.h"
#include "compiler/parse/parse.h"
#include "compiler/parse/statement_splitter.h"
#include "compiler/parse/text_to_cst.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

auto DumpToken(const antlr4::Token& token, const parse::Lexer& lexer, FileId file, const SourceManager& sources) -> std::string {
  const auto span = parse::TokenSpan(token, file);
  const auto place = sources.file(file).locate(span.begin);
  return fmt::format("{}:{} {} {}\n", place.line, place.column, lexer.getVocabulary().getSymbolicName(token.getType()),
                     QuoteString(sources.text(span)));
}

// `(rule`, its children one level further in, `)` behind the last. Depth is bounded by the nesting of the text.
void DumpRule(const parse::Rule* rule, const parse::TextToCst& parser, FileId file, const SourceManager& sources, size_t depth,
              std::string& out) {
  out += fmt::format("{:{}}({}", "", depth * 2, parser.rule_names()[rule->getRuleIndex()]);
  for (auto* child : rule->children) {
    if (auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(child); terminal != nullptr) {
      const bool is_end = terminal->getSymbol()->getType() == antlr4::Token::EOF;
      out += is_end ? " <EOF>" : fmt::format(" {}", EscapeString(sources.text(parse::TokenSpan(*terminal->getSymbol(), file))));
    } else {
      out += '\n';
      DumpRule(parse::AsRule(child), parser, file, sources, depth + 1, out);
    }
  }
  out += ')';
}

}  // namespace

auto DumpTokens(FileId file, const SourceManager& sources) -> std::string {
  const auto text = sources.file(file).text();
  if (FindInvalidUtf8(text)) return "";
  parse::ByteStream bytes(text);
  parse::Lexer lexer(&bytes);
  lexer.removeErrorListeners();
  std::string out;
  for (auto token = lexer.nextToken(); token->getType() != antlr4::Token::EOF; token = lexer.nextToken()) {
    out += DumpToken(*token, lexer, file, sources);
  }
  return out;
}

auto DumpCst(FileId file, ParseContext& context) -> std::string {
  if (FindInvalidUtf8(context.sources.file(file).text())) return "";
  parse::StatementSplitter splitter(file, context);
  parse::TextToCst parser;
  parse::TokenBuffer tokens;
  std::string out;
  while (true) {
    const auto result = splitter.NextStatement(tokens);
    if (result == parse::StatementSplitter::Result::End) return out;
    if (result == parse::StatementSplitter::Result::Broken) continue;
    const auto* tree = parser.ParseStatement(tokens);
    if (tree == nullptr) {
      parse::ReportSyntaxError(
          parser.error(),
          {.tokens = tokens, .vocabulary = parser.vocabulary(), .file = file, .sources = context.sources, .sink = context.sink});
      continue;
    }
    DumpRule(tree, parser, file, context.sources, 0, out);
    out += '\n';
  }
}

}  // namespace remit
