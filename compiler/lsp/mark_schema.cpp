#include "compiler/lsp/marks.h"

namespace remit::lsp {
namespace {

// Which words are names depends on what stands around them: `type type = Long;` is a schema.
auto KindOfWord(const Token* before, const Token& token, const Token* after, bool in_record, bool in_clauses) -> MarkKind {
  static const std::vector<std::string_view> kDeclarations = {"namespace", "entity", "action", "type"};
  static const std::vector<std::string_view> kDetails = {"in", "enum", "tags", "appliesTo", "attributes"};
  static const std::vector<std::string_view> kClauses = {"principal", "resource", "context"};
  const auto follows = [&](std::string_view sign) { return after != nullptr && after->Is(sign); };
  const bool is_behind = before != nullptr;
  if (is_behind && before->Is("@")) return MarkKind::Annotation;
  if (in_clauses && IsOneOf(token.text, kClauses) && follows(":")) return MarkKind::Keyword;
  if (in_record && (follows(":") || follows("?"))) return MarkKind::Key;
  const bool begins =
      !is_behind || before->Is(";") || before->Is("{") || before->Is("}") || before->Is(")") || before->kind == TokenKind::Word;
  if (begins && IsOneOf(token.text, kDeclarations) && !(is_behind && IsOneOf(before->text, kDeclarations))) return MarkKind::Keyword;
  if (is_behind && IsOneOf(token.text, kDetails) && !before->Is(",") && !before->Is("[") && !before->Is(":") && !before->Is("="))
    return MarkKind::Keyword;
  return MarkKind::Type;
}

}  // namespace

auto MarkSchema(std::string_view text) -> std::vector<Mark> {
  std::vector<Mark> marks;
  const auto tokens = Tokenize(text);
  std::vector<char> brackets;  // `r`ecord, `c`lauses of appliesTo, `n`amespace
  const Token* before = nullptr;
  std::string_view word;  // the last keyword
  for (size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    size_t next = i + 1;
    while (next < tokens.size() && tokens[next].kind == TokenKind::Comment) ++next;
    const auto* after = next < tokens.size() ? &tokens[next] : nullptr;
    auto kind = MarkKind::Sign;
    switch (token.kind) {
      case TokenKind::Comment: marks.push_back({.kind = MarkKind::Comment, .begin = token.begin, .end = token.end}); continue;
      case TokenKind::Number: kind = MarkKind::Number; break;
      case TokenKind::String: kind = word == "action" ? MarkKind::Action : MarkKind::String; break;
      case TokenKind::Word:
        kind = KindOfWord(before, token, after, !brackets.empty() && brackets.back() == 'r', !brackets.empty() && brackets.back() == 'c');
        if (kind == MarkKind::Keyword) word = token.text;
        if (kind == MarkKind::Type && word == "action" && (brackets.empty() || brackets.back() == 'n')) kind = MarkKind::Action;
        break;
      case TokenKind::Sign:
        if (token.text == "{") brackets.push_back(word == "appliesTo" ? 'c' : word == "namespace" ? 'n' : 'r');
        if (token.text == "}" && !brackets.empty()) brackets.pop_back();
        if (token.text == ";" || (token.text == "{" && brackets.back() != 'r')) word = {};
        break;
      case TokenKind::Slot:
      case TokenKind::Other: break;
    }
    marks.push_back({.kind = kind, .begin = token.begin, .end = token.end, .name = std::string(token.text)});
    before = &token;
  }
  return marks;
}

}  // namespace remit::lsp
