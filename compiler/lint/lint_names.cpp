// Ids and annotations of statements, and entities whose names are easily mixed up.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "compiler/check/skeleton.h"
#include "compiler/check/walk.h"
#include "compiler/lint/passes.h"
#include "runtime/base/text.h"

namespace remit::lint {
namespace {

// Annotations that mean something to somebody.
constexpr std::array<std::string_view, 8> kAnnotations = {"id", "unit", "reason", "advice", "description", "owner", "severity", "since"};

auto IsKebab(std::string_view id) -> bool {
  return !id.empty() && std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// Budgets, breakers and tests go by name.
auto NeedsId(const StatementView& view) -> bool {
  return view.As<ast::Policy>() != nullptr || view.As<ast::Escalate>() != nullptr || view.As<ast::Restrict>() != nullptr;
}

// The keyword of a statement, to mark instead of all of it.
auto HeadOf(const StatementView& view) -> Span {
  auto span = view.statement.span;
  if (view.scope != nullptr && view.scope->span.has_place() && view.statement.annotations.empty()) span.end = view.scope->span.end;
  return span;
}

class NameLinter {
 public:
  explicit NameLinter(LintContext& context) : context_(context) {}

  void Run() {
    for (const auto& view : context_.statements()) {
      Annotations(view);
      if (NeedsId(view)) Id(view);
      if (view.As<ast::Test>() == nullptr) Entities(view);
    }
  }

 private:
  void Annotations(const StatementView& view) {
    for (const auto& annotation : view.statement.annotations) {
      const auto key = context_.text(annotation.key);
      const bool is_empty = !annotation.value || context_.text(*annotation.value).empty();
      const bool is_known = std::ranges::find(kAnnotations, key) != kAnnotations.end();
      if (is_known && is_empty && key != "id") context_.Report(Rule::EmptyAnnotation, view.index, annotation.span, key);
      if (is_known) continue;
      if (const auto meant = Meant(key)) context_.Report(Rule::MisspeltAnnotation, view.index, annotation.span, key, *meant);
    }
  }

  // Case, or one letter of a word of four or more: a two-letter word is near to everything.
  static auto Meant(std::string_view key) -> std::optional<std::string_view> {
    std::string lower;
    for (const char c : key) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    if (const auto* same = std::ranges::find(kAnnotations, lower); same != kAnnotations.end()) return *same;
    if (key.size() < 4) return std::nullopt;
    std::vector<std::string_view> candidates;
    for (const auto known : kAnnotations) {
      const bool is_near = known.size() >= 4 && known.size() + 1 >= key.size() && key.size() + 1 >= known.size() && known[0] == lower[0];
      if (is_near) candidates.push_back(known);
    }
    return ClosestMatch(lower, candidates);
  }

  void Id(const StatementView& view) {
    const auto keyword = ast::StatementKeyword(view.statement);
    const auto* id = ast::FindAnnotation(view.statement, context_.interner(), "id");
    const bool has_reason = ast::FindAnnotation(view.statement, context_.interner(), "reason") != nullptr;
    if (!view.IsPermit() && !has_reason) context_.Report(Rule::MissingReason, view.index, HeadOf(view), keyword);
    if (id == nullptr) {
      context_.Report(Rule::MissingId, view.index, HeadOf(view), keyword);
      return;
    }
    const std::string text(id->value ? context_.text(*id->value) : std::string_view{});
    if (text.empty()) {
      context_.Report(Rule::EmptyId, view.index, id->span);
      return;
    }
    if (!IsKebab(text)) context_.Report(Rule::IdStyle, view.index, id->span, text);
    const auto [same, is_new] = ids_.try_emplace(check::Skeleton(text), text);
    if (!is_new && same->second != text) context_.Report(Rule::SimilarIds, view.index, id->span, text, same->second);
  }

  void Entities(const StatementView& view) {
    for (const auto* position : {&view.scope->principal, &view.scope->action, &view.scope->resource}) {
      for (const auto uid : position->entities) Entity(view, uid, position->span);
    }
    check::VisitExprs(context_.ast(), check::RootsOf(view.statement), [&](ast::ExprId, const ast::Expr& expr) {
      if (const auto* literal = std::get_if<ast::EntityLit>(&expr.node)) Entity(view, literal->uid, expr.span);
    });
  }

  void Entity(const StatementView& view, EntityUid uid, Span span) {
    if (!seen_.insert(uid.packed()).second) return;
    const auto id = context_.text(uid.id);
    if (!id.empty() && (IsBlank(id.front()) || IsBlank(id.back()))) context_.Report(Rule::BlankInId, view.index, span, id);
    const auto [same, is_new] = entities_.try_emplace({uid.type.value, check::Skeleton(id)}, uid);
    if (!is_new) context_.Report(Rule::ConfusableEntity, view.index, span, context_.UidText(uid), context_.UidText(same->second));
  }

  static auto IsBlank(char c) -> bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  LintContext& context_;
  std::map<std::string, std::string> ids_;
  std::set<uint64_t> seen_;
  std::map<std::pair<uint32_t, std::string>, EntityUid> entities_;
};

}  // namespace

void LintNames(LintContext& context) { NameLinter{context}.Run(); }

}  // namespace remit::lint
