#include "compiler/parse/state.h"

#include <algorithm>

#include "compiler/parse/names.h"
#include "runtime/base/did_you_mean.h"

namespace remit::parse {
namespace {

auto Fields(ast::StateKind kind) -> const std::vector<std::string_view>& {
  static const std::vector<std::string_view> kBudget = {"used", "charge", "after", "limit", "remaining"};
  static const std::vector<std::string_view> kBreaker = {"open"};
  switch (kind) {
    case ast::StateKind::Budget: return kBudget;
    case ast::StateKind::Breaker: return kBreaker;
  }
  return kBudget;
}

auto FieldOf(Grammar::MemberContext* member, size_t index) -> Grammar::AnyWordContext* {
  if (index >= member->children.size()) return nullptr;
  return static_cast<Grammar::AccessContext*>(member->children[index])->anyWord();
}

}  // namespace

auto FindState(const Conversion& c, const Operand& operand) -> std::optional<ast::StateKind> {
  if (operand.kind != Operand::Kind::Name) return std::nullopt;
  const auto text = c.TextOf(operand.name);
  if (c.IsLocal(text)) return std::nullopt;
  if (text == "budget") return ast::StateKind::Budget;
  if (text == "breaker") return ast::StateKind::Breaker;
  return std::nullopt;
}

auto ToStateRead(Conversion& c, ast::StateKind kind, Grammar::MemberContext* member) -> ast::ExprId {
  const std::string_view word = kind == ast::StateKind::Budget ? "budget" : "breaker";
  auto* name_word = FieldOf(member, 1);
  auto* field_word = FieldOf(member, 2);
  if (name_word == nullptr || field_word == nullptr) {
    const auto example = kind == ast::StateKind::Budget ? "after" : "open";
    c.Report(DiagnosticCode::InvalidStateRead, c.SpanOf(member), word).help = fmt::format("write `{}.NAME.{}`", word, example);
    return {};
  }
  const auto name = ToIdentifier(c, name_word);
  const auto field = ToIdentifier(c, field_word);
  if (!name || !field) return {};
  const auto& fields = Fields(kind);
  const auto text = c.TextOf(field_word);
  if (std::ranges::find(fields, text) == fields.end()) {
    c.Report(DiagnosticCode::UnknownStateField, c.SpanOf(field_word), word, text).help =
        DidYouMean(text, fields, fmt::format("a {} has {}", word, fmt::join(fields, ", ")));
    return {};
  }
  return c.Add(c.SpanOver(member, field_word), ast::StateRead{.state = kind, .name = *name, .field = *field});
}

}  // namespace remit::parse
