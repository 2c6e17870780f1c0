#include "compiler/parse/statement_splitter.h"

#include "compiler/parse/syntax_error.h"

namespace remit::parse {
namespace {

auto IsOpenBracket(size_t type) -> bool { return type == Lexer::LEFT_PAREN || type == Lexer::LEFT_BRACKET || type == Lexer::LEFT_BRACE; }
auto IsCloseBracket(size_t type) -> bool {
  return type == Lexer::RIGHT_PAREN || type == Lexer::RIGHT_BRACKET || type == Lexer::RIGHT_BRACE;
}

}  // namespace

StatementSplitter::StatementSplitter(FileId file, ParseContext& context)
    : file_(file), context_(context), source_(context.sources.file(file).text()) {}

auto StatementSplitter::NextStatement(TokenBuffer& tokens) -> Result {
  Begin(tokens);
  if (source_.Peek(0).getType() == antlr4::Token::EOF) return Result::End;
  while (source_.Peek(0).getType() != antlr4::Token::EOF && !NextIsClearlyNew(tokens)) {
    const auto type = source_.Peek(0).getType();
    Append(tokens);
    if (skip_) {
      if (type != Lexer::SEMICOLON) SkipToSemicolon();
      return Result::Broken;
    }
    if ((type == Lexer::SEMICOLON || type == Lexer::RIGHT_BRACE) && StatementEndedBy(*tokens.tokens().back())) break;
  }
  return Finish(tokens);
}

auto StatementSplitter::WholeFile(TokenBuffer& tokens) -> Result {
  Begin(tokens);
  while (source_.Peek(0).getType() != antlr4::Token::EOF) {
    Append(tokens);
    if (skip_) return Result::Broken;
  }
  return Finish(tokens);
}

void StatementSplitter::Begin(TokenBuffer& tokens) {
  tokens.Clear();
  levels_.assign(1, {.open_bracket = 0});
  ifs_ = 0;
  keyword_ = 0;
  scope_closed_ = false;
  broken_ = false;
  skip_ = false;
}

auto StatementSplitter::Finish(TokenBuffer& tokens) -> Result {
  tokens.Append(source_.MakeEnd());
  return broken_ ? Result::Broken : Result::Statement;
}

void StatementSplitter::Append(TokenBuffer& tokens) {
  auto token = source_.Take();
  const auto type = token->getType();
  if (type == Lexer::INVALID || type == Lexer::UNTERMINATED_STRING) {
    if (!broken_) ReportInvalidToken(*token, tokens, file_, context_.sources, context_.sink);
    broken_ = true;
  }
  Track(*token, tokens.tokens().empty() ? nullptr : tokens.tokens().back().get());
  if (depth() + ifs_ > context_.limits.max_nesting) ReportOnce(DiagnosticCode::NestingTooDeep, *token, context_.limits.max_nesting);
  if (tokens.size() >= context_.limits.max_statement_tokens) {
    ReportOnce(DiagnosticCode::StatementTooLarge, *token, context_.limits.max_statement_tokens);
  }
  tokens.Append(std::move(token));
}

void StatementSplitter::ReportOnce(DiagnosticCode code, const antlr4::Token& token, uint64_t limit) {
  const Span span{
      .file = file_, .begin = static_cast<uint32_t>(token.getStartIndex()), .end = static_cast<uint32_t>(token.getStopIndex() + 1)};
  if (!broken_) context_.sink.Report(code, span, limit);
  broken_ = true;
  skip_ = true;
}

void StatementSplitter::SkipToSemicolon() {
  while (source_.Peek(0).getType() != antlr4::Token::EOF && source_.Take()->getType() != Lexer::SEMICOLON) {}
}

void StatementSplitter::Track(const antlr4::Token& token, const antlr4::Token* previous) {
  const auto type = token.getType();
  const auto before = previous == nullptr ? size_t{0} : previous->getType();
  if (IsOpenBracket(type)) {
    levels_.push_back({.open_bracket = type});
  } else if (IsCloseBracket(type)) {
    CloseBracket();
  } else if (type == Lexer::COMMA || type == Lexer::SEMICOLON) {
    EndOfPart();
  } else if (type == Lexer::IF && before != Lexer::AT && before != Lexer::DOT) {
    ++levels_.back().ifs;
    ++ifs_;
  }
  if (keyword_ == 0 && depth() == 0 && IsWord(type) && before != Lexer::AT) keyword_ = type;
}

void StatementSplitter::EndOfPart() {
  ifs_ -= levels_.back().ifs;
  levels_.back().ifs = 0;
}

// Brackets that do not match are for the parser to report; here they only need to be counted.
void StatementSplitter::CloseBracket() {
  EndOfPart();
  if (depth() > 0) levels_.pop_back();
  if (depth() == 0 && keyword_ != 0) scope_closed_ = true;
}

// A `;` ends any statement but a test, whatever brackets are still open: it means nothing inside them.
auto StatementSplitter::StatementEndedBy(const antlr4::Token& token) -> bool {
  if (keyword_ != Lexer::TEST) return token.getType() == Lexer::SEMICOLON;
  if (depth() == 0) return true;
  if (token.getType() == Lexer::SEMICOLON) {
    while (depth() > 1) CloseBracket();
    return NextBeginsStatement(0);
  }
  return false;
}

auto StatementSplitter::NextBeginsStatement(size_t distance) -> bool {
  const auto next = [&](size_t i) { return source_.Peek(distance + i).getType(); };
  switch (next(0)) {
    case Lexer::AT: return IsWord(next(1));
    case Lexer::PERMIT:
    case Lexer::FORBID:
    case Lexer::ESCALATE:
    case Lexer::RESTRICT: return next(1) == Lexer::LEFT_PAREN;
    case Lexer::BUDGET:
    case Lexer::BREAKER: return IsWord(next(1)) && next(2) == Lexer::LEFT_PAREN;
    case Lexer::ASSERT: return next(1) == Lexer::NEVER || next(1) == Lexer::ALWAYS;
    case Lexer::TEST: return next(1) == Lexer::STRING;
    default: return false;
  }
}

// True where no statement could go on like this, so that a forgotten `;` or bracket costs one statement and not two.
auto StatementSplitter::NextIsClearlyNew(const TokenBuffer& tokens) -> bool {
  if (keyword_ == 0 || keyword_ == Lexer::TEST) return false;
  if (depth() == 0) return scope_closed_ && NextBeginsStatement(0);
  const auto& next = source_.Peek(0);
  if (next.getLine() == tokens.tokens().back()->getLine()) return false;
  if (next.getType() == Lexer::AT) return true;
  const bool is_policy = next.getType() == Lexer::PERMIT || next.getType() == Lexer::FORBID;
  return is_policy && source_.Peek(1).getType() == Lexer::LEFT_PAREN && source_.Peek(2).getType() == Lexer::PRINCIPAL;
}

}  // namespace remit::parse
