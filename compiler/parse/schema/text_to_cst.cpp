#include "compiler/parse/schema/text_to_cst.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace remit {
namespace {

// Byte offset of each code point, and of the end. Empty for ASCII, where they are the same.
auto CodePointOffsets(std::string_view text) -> std::vector<uint32_t> {
  if (std::ranges::all_of(text, [](char c) { return static_cast<uint8_t>(c) < 0x80; })) return {};
  std::vector<uint32_t> offsets;
  offsets.reserve(text.size() + 1);
  for (size_t at = 0; at < text.size();) {
    offsets.push_back(static_cast<uint32_t>(at));
    DecodeUtf8(text, at);
  }
  offsets.push_back(static_cast<uint32_t>(text.size()));
  return offsets;
}

// What could have come instead, for people: keywords that could only be names are not listed beside "a name".
auto DescribeExpected(const antlr4::misc::IntervalSet& expected, const antlr4::dfa::Vocabulary& vocabulary) -> std::vector<std::string> {
  std::vector<std::string> words;
  const bool any_name = expected.contains(static_cast<ssize_t>(SchemaParser::IDENT));
  if (any_name) words.emplace_back("a name");
  for (const ssize_t type : expected.toList()) {
    if (type == SchemaParser::STRING) {
      words.emplace_back("a string");
    } else if (type > 0 && type != SchemaParser::IDENT && !(any_name && type >= SchemaParser::NAMESPACE && type <= SchemaParser::ATTRIBUTES)) {
      auto name = vocabulary.getDisplayName(static_cast<size_t>(type));
      std::ranges::replace(name, '\'', '`');
      words.push_back(std::move(name));
    }
  }
  return words;
}

}  // namespace

// Keeps the first complaint; what follows it in the same piece is mostly its echo.
class SchemaPieceParser::Listener : public antlr4::BaseErrorListener {
 public:
  explicit Listener(SchemaPieceParser& owner) : owner_(owner) {}

  void syntaxError(antlr4::Recognizer* recognizer, antlr4::Token* token, size_t, size_t, const std::string&, std::exception_ptr) override {
    if (owner_.error_ || token == nullptr) return;
    auto* parser = static_cast<antlr4::Parser*>(recognizer);
    const auto expected = parser->getExpectedTokens();
    const auto* previous = token->getTokenIndex() > 0 ? owner_.tokens_.get(token->getTokenIndex() - 1) : nullptr;
    owner_.error_ = SchemaSyntaxError{.span = owner_.SpanOf(*token),
                                      .previous_end = previous != nullptr ? owner_.SpanOf(*previous).end : owner_.span_.begin,
                                      .token_type = token->getType(),
                                      .token_expected_semicolon = expected.contains(static_cast<ssize_t>(SchemaParser::SEMICOLON)),
                                      .expected = DescribeExpected(expected, parser->getVocabulary())};
  }

 private:
  SchemaPieceParser& owner_;
};

SchemaPieceParser::SchemaPieceParser(const Piece& piece, const SourceManager& sources)
    : span_(piece.span),
      text_(sources.text(piece.span)),
      byte_offsets_(CodePointOffsets(text_)),
      input_(std::string(text_)),
      lexer_(&input_),
      tokens_(&lexer_),
      parser_(&tokens_) {
  lexer_.removeErrorListeners();
  parser_.removeErrorListeners();
}

auto SchemaPieceParser::ByteAt(size_t code_point) const -> uint32_t {
  if (byte_offsets_.empty()) return span_.begin + static_cast<uint32_t>(std::min(code_point, text_.size()));
  return span_.begin + byte_offsets_[std::min(code_point, byte_offsets_.size() - 1)];
}

auto SchemaPieceParser::SpanOf(const antlr4::Token& token) const -> Span {
  if (token.getType() == antlr4::Token::EOF) return {.file = span_.file, .begin = span_.end, .end = span_.end};
  return {.file = span_.file, .begin = ByteAt(token.getStartIndex()), .end = ByteAt(token.getStopIndex() + 1)};
}

auto SchemaPieceParser::SpanOf(const antlr4::ParserRuleContext& node) const -> Span {
  const antlr4::Token* first = node.start;
  const antlr4::Token* last = node.stop;
  // An empty rule stops before it starts.
  if (last == nullptr || last->getTokenIndex() < first->getTokenIndex()) {
    return {.file = span_.file, .begin = ByteAt(first->getStartIndex()), .end = ByteAt(first->getStartIndex())};
  }
  return Cover(SpanOf(*first), last->getType() == antlr4::Token::EOF ? SpanOf(*first) : SpanOf(*last));
}

auto SchemaPieceParser::ParseNamespaceHead() -> SchemaParser::NamespaceHeadContext* {
  Listener listener(*this);
  parser_.addErrorListener(&listener);
  auto* tree = parser_.namespaceHead();
  parser_.removeErrorListeners();
  return error_ ? nullptr : tree;
}

auto SchemaPieceParser::ParseDeclaration() -> SchemaParser::DeclarationContext* {
  Listener listener(*this);
  parser_.addErrorListener(&listener);
  auto* tree = parser_.declaration();
  parser_.removeErrorListeners();
  return error_ ? nullptr : tree;
}

}  // namespace remit
