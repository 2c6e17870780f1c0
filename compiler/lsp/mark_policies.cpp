#include <algorithm>

#include "compiler/lsp/marks.h"
#include "runtime/base/text.h"

namespace remit::lsp {
namespace {

const std::vector<std::string_view> kExpressionWords = {"true", "false", "if", "then", "else", "in", "has", "like", "is"};
const std::vector<std::string_view> kVariables = {"principal", "action", "resource", "context"};
const std::vector<std::string_view> kStepDetails = {"in",      "with",  "for",     "by",      "tags",    "budget",  "deny",
                                                    "observe", "draft", "approve", "execute", "success", "failure", "not_dispatched"};

class PolicyMarker {
 public:
  explicit PolicyMarker(std::string_view text) {
    for (const auto& token : Tokenize(text)) {
      if (token.kind == TokenKind::Comment) {
        comments_.push_back({.kind = MarkKind::Comment, .begin = token.begin, .end = token.end, .name = std::string(token.text)});
      } else {
        tokens_.push_back(token);
      }
    }
  }

  auto Run() -> std::vector<Mark> {
    while (at_ < tokens_.size()) Next();
    std::ranges::move(comments_, std::back_inserter(marks_));
    std::ranges::stable_sort(marks_, {}, &Mark::begin);
    return std::move(marks_);
  }

 private:
  auto Peek(ptrdiff_t distance) const -> const Token& {
    static const Token kNone = {.kind = TokenKind::Other, .text = ""};
    const auto i = static_cast<ptrdiff_t>(at_) + distance;
    return i >= 0 && i < static_cast<ptrdiff_t>(tokens_.size()) ? tokens_[static_cast<size_t>(i)] : kNone;
  }
  auto depth() const -> size_t { return brackets_.size(); }
  auto InTest() const -> bool { return keyword_ == "test" && depth() == 1; }

  void Add(MarkKind kind, const Token& token, std::string name = {}, bool is_declaration = false) {
    if (name.empty()) name = token.text;
    marks_.push_back({.kind = kind, .begin = token.begin, .end = token.end, .name = std::move(name), .is_declaration = is_declaration});
  }
  void Take(MarkKind kind, std::string name = {}, bool is_declaration = false) {
    Add(kind, Peek(0), std::move(name), is_declaration);
    ++at_;
  }

  void Next() {
    const auto& token = Peek(0);
    switch (token.kind) {
      case TokenKind::Word: return Word(token);
      case TokenKind::String: return String(token);
      case TokenKind::Number: return Take(MarkKind::Number);
      case TokenKind::Slot: return Take(MarkKind::Slot);
      case TokenKind::Sign: return Sign(token);
      case TokenKind::Comment:
      case TokenKind::Other: ++at_; return;
    }
  }

  void Sign(const Token& token) {
    if (token.text == "(" || token.text == "{" || token.text == "[") brackets_.push_back(token.text[0]);
    const bool closes = token.text == ")" || token.text == "}" || token.text == "]";
    if (closes && depth() > 0) brackets_.pop_back();
    const bool ends = (token.text == ";" && keyword_ != "test") || (token.text == "}" && depth() == 0 && keyword_ == "test");
    if (ends) {
      keyword_ = {};
      brackets_.clear();
    }
    if (token.text == ";" || ends) step_ = {};
    Take(MarkKind::Sign);
  }

  void String(const Token& token) {
    if (Peek(1).Is(":") && depth() > 0 && brackets_.back() == '{') return Take(MarkKind::Key, TextOfString(token.text));
    if (keyword_ == "test" && depth() == 0) return Take(MarkKind::Title, TextOfString(token.text), true);
    if (InTest() && step_ == "expect") return Take(MarkKind::ExpectedId, TextOfString(token.text));
    Take(MarkKind::String);
  }

  void Word(const Token& token) {
    const auto& before = Peek(-1);
    if (before.Is("@")) return Annotation();
    if (before.Is(".")) return Member(token);
    if (Peek(1).Is("::")) return Path();
    if (before.Is("is")) return Take(MarkKind::Type);
    if (before.Is("has")) return Attribute();
    if (depth() == 0) return Outer(token);
    if (InTest()) return Step(token);
    Inner(token);
  }

  void Annotation() {
    const bool is_id = Peek(0).text == "id";
    Take(MarkKind::Annotation);
    if (!Peek(0).Is("(") || Peek(1).kind != TokenKind::String) return;
    Take(MarkKind::Sign);
    const auto& value = Peek(0);
    Take(is_id ? MarkKind::StatementId : MarkKind::String, is_id ? TextOfString(value.text) : std::string(value.text), is_id);
    if (Peek(0).Is(")")) Take(MarkKind::Sign);
  }

  // `A::B::"id"`, or as much as there is of it.
  void Path() {
    std::string name;
    const uint32_t begin = Peek(0).begin;
    uint32_t end = Peek(0).end;
    std::string_view last;
    while (Peek(0).kind == TokenKind::Word) {
      if (!name.empty()) name += "::";
      name += last = Peek(0).text;
      end = Peek(0).end;
      ++at_;
      if (!Peek(0).Is("::")) break;
      ++at_;
    }
    marks_.push_back({.kind = MarkKind::Type, .begin = begin, .end = end, .name = name});
    if (Peek(-1).Is("::") && Peek(0).kind == TokenKind::String) {
      const auto& id = Peek(0);
      Take(last == "Action" ? MarkKind::Action : MarkKind::EntityId, name + "::" + QuoteString(TextOfString(id.text)));
    }
  }

  void Member(const Token& token) {
    if (Peek(1).Is("(")) return Take(MarkKind::Method);
    const auto& object = Peek(-2);
    const bool is_first = !Peek(-3).Is(".");
    if (is_first && object.Is("budget")) return Take(MarkKind::Budget);
    if (is_first && object.Is("breaker")) return Take(MarkKind::Breaker);
    const auto& root = Peek(-4);
    const bool is_field = Peek(-3).Is(".") && (root.Is("budget") || root.Is("breaker")) && !Peek(-5).Is(".");
    Take(is_field ? MarkKind::StateField : MarkKind::Attribute, std::string(token.text));
  }

  void Attribute() {
    if (Peek(-2).Is("budget")) return Take(MarkKind::Budget);
    if (Peek(-2).Is("breaker")) return Take(MarkKind::Breaker);
    Take(MarkKind::Attribute);
  }

  void Outer(const Token& token) {
    if (keyword_.empty() && IsOneOf(token.text, StatementWords())) {
      keyword_ = token.text;
      Take(MarkKind::Keyword);
      if (Peek(0).kind != TokenKind::Word) return;
      if (keyword_ == "budget") Take(MarkKind::Budget, {}, true);
      if (keyword_ == "breaker") Take(MarkKind::Breaker, {}, true);
      return;
    }
    Take(IsOneOf(token.text, ClauseWords()) ? MarkKind::Keyword : MarkKind::Local);
  }

  void Step(const Token& token) {
    if (step_.empty() && IsOneOf(token.text, StepWords())) {
      step_ = token.text;
      return Take(MarkKind::Keyword);
    }
    if (step_ == "expect" && token.text == "budget") {
      Take(MarkKind::Keyword);
      if (Peek(0).kind == TokenKind::Word) Take(MarkKind::Budget);
      if (Peek(0).kind == TokenKind::Word) Take(MarkKind::StateField);
      return;
    }
    Take(IsOneOf(token.text, kStepDetails) ? MarkKind::Keyword : MarkKind::Local);
  }

  void Inner(const Token& token) {
    const bool is_key = Peek(1).Is(":") && brackets_.back() == '{';
    if (is_key && keyword_ == "test" && step_ == "settle") return Take(MarkKind::Budget);
    if (is_key) return Take(MarkKind::Key);
    if (IsOneOf(token.text, kExpressionWords)) return Take(MarkKind::Keyword);
    if (IsOneOf(token.text, kVariables)) return Take(MarkKind::Variable);
    if (Peek(1).Is("(")) return Take(MarkKind::Function);
    const bool is_state = (token.text == "budget" || token.text == "breaker") && (Peek(1).Is(".") || Peek(1).Is("has"));
    Take(is_state ? MarkKind::Keyword : MarkKind::Local);
  }

  std::vector<Token> tokens_;  // but comments
  std::vector<Mark> comments_;
  std::vector<Mark> marks_;
  std::vector<char> brackets_;
  size_t at_ = 0;
  std::string_view keyword_;  // of the statement
  std::string_view step_;     // of a test
};

}  // namespace

auto MarkPolicies(std::string_view text) -> std::vector<Mark> { return PolicyMarker(text).Run(); }

auto MarkAt(const std::vector<Mark>& marks, uint32_t offset) -> const Mark* {
  const Mark* found = nullptr;
  for (const auto& mark : marks) {
    if (mark.begin > offset) break;
    // Between two the second one, unless that is only a sign.
    if (offset <= mark.end && (found == nullptr || mark.kind != MarkKind::Sign)) found = &mark;
  }
  return found;
}

}  // namespace remit::lsp
