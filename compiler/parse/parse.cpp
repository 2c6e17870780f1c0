#include "compiler/parse/parse.h"

#include <algorithm>
#include <limits>

#include "compiler/parse/cst_to_ast.h"
#include "compiler/parse/literals.h"
#include "compiler/parse/operand.h"
#include "compiler/parse/statement_splitter.h"
#include "compiler/parse/syntax_error.h"
#include "compiler/parse/text_to_cst.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using parse::StatementSplitter;

// What must hold before anything reads the text: its size fits spans and limits, and it is UTF-8.
auto IsReadable(FileId file, ParseContext& context) -> bool {
  const auto text = context.sources.file(file).text();
  const size_t limit = std::min<size_t>(context.limits.max_source_bytes, std::numeric_limits<uint32_t>::max() - 1);
  if (text.size() > limit) {
    context.sink.Report(DiagnosticCode::FileTooLarge, {.file = file, .begin = 0, .end = 0}, text.size(), limit);
    return false;
  }
  if (const auto bad = FindInvalidUtf8(text)) {
    const auto begin = static_cast<uint32_t>(*bad);
    context.sink.Report(DiagnosticCode::InvalidUtf8, {.file = file, .begin = begin, .end = begin + 1});
    return false;
  }
  return true;
}

void Report(const parse::TextToCst& parser, const parse::TokenBuffer& tokens, FileId file, ParseContext& context) {
  parse::ReportSyntaxError(
      parser.error(),
      {.tokens = tokens, .vocabulary = parser.vocabulary(), .file = file, .sources = context.sources, .sink = context.sink});
}

}  // namespace

auto ParsePolicies(FileId file, ParseContext& context, ast::Ast& ast) -> bool {
  if (!IsReadable(file, context)) return false;
  const uint32_t errors_before = context.sink.error_count();
  const auto errors = [&] { return context.sink.error_count() - errors_before; };
  StatementSplitter splitter(file, context);
  parse::TextToCst parser;
  parse::TokenBuffer tokens;
  parse::Conversion conversion{.file = file, .context = context, .ast = ast};
  // A file that is no policy at all is not reported to its last line.
  while (errors() <= context.limits.max_diagnostics) {
    const auto result = splitter.NextStatement(tokens);
    if (result == StatementSplitter::Result::End) break;
    if (result == StatementSplitter::Result::Broken) continue;
    auto* tree = parser.ParseStatement(tokens);
    if (tree == nullptr) {
      Report(parser, tokens, file, context);
    } else if (auto statement = parse::ConvertStatement(conversion, tree)) {
      ast.statements.push_back(*std::move(statement));
    }
  }
  return errors() == 0;
}

auto ParseExpression(FileId file, ParseContext& context, ast::Ast& ast) -> ast::ExprId {
  if (!IsReadable(file, context)) return {};
  StatementSplitter splitter(file, context);
  parse::TextToCst parser;
  parse::TokenBuffer tokens;
  if (splitter.WholeFile(tokens) == StatementSplitter::Result::Broken) return {};
  auto* tree = parser.ParseExpression(tokens);
  if (tree == nullptr) {
    Report(parser, tokens, file, context);
    return {};
  }
  parse::Conversion conversion{.file = file, .context = context, .ast = ast};
  return parse::ToExpr(conversion, tree->expr());
}

auto CollectComments(FileId file, const SourceManager& sources) -> std::vector<Comment> {
  const auto text = sources.file(file).text();
  std::vector<Comment> comments;
  if (FindInvalidUtf8(text)) return comments;
  parse::ByteStream bytes(text);
  parse::Lexer lexer(&bytes);
  lexer.removeErrorListeners();
  size_t line_of_last_token = 0;
  for (auto token = lexer.nextToken(); token->getType() != antlr4::Token::EOF; token = lexer.nextToken()) {
    const auto span = parse::TokenSpan(*token, file);
    if (token->getType() == parse::Lexer::COMMENT) {
      comments.push_back({.span = span, .own_line = token->getLine() != line_of_last_token});
    } else {
      const auto lines = std::ranges::count(text.substr(span.begin, span.end - span.begin), '\n');
      line_of_last_token = token->getLine() + static_cast<size_t>(lines);
    }
  }
  return comments;
}

auto ParseEntityUid(std::string_view text, Interner& interner) -> std::optional<EntityUid> {
  if (FindInvalidUtf8(text)) return std::nullopt;
  parse::TokenSource source(text);
  const auto token_text = [&](const antlr4::Token& token) {
    return text.substr(token.getStartIndex(), token.getStopIndex() + 1 - token.getStartIndex());
  };
  std::string type;
  while (parse::IsWord(source.Peek(0).getType()) && source.Peek(1).getType() == parse::Lexer::PATH) {
    const auto word = token_text(source.Peek(0));
    if (!IsIdentifier(word)) return std::nullopt;
    if (!type.empty()) type += "::";
    type += word;
    source.Take();
    source.Take();
  }
  if (type.empty() || source.Peek(0).getType() != parse::Lexer::STRING || source.Peek(1).getType() != antlr4::Token::EOF)
    return std::nullopt;
  const auto quoted = token_text(source.Peek(0));
  const auto id = parse::UnescapeString(quoted.substr(1, quoted.size() - 2));
  if (!id) return std::nullopt;
  return EntityUid{.type = interner.Intern(type), .id = interner.Intern(*id)};
}

}  // namespace remit
