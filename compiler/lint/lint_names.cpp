// Ids and annotations of statements, and entities whose names are easily mixed up.
#include <unicode/uspoof.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

#include "compiler/check/walk.h"
#include "compiler/lint/passes.h"
#include "runtime/base/check.h"
#include "runtime/base/text.h"

namespace remit::lint {
namespace {

// Annotations that mean something to somebody.
constexpr std::array<std::string_view, 8> kAnnotations = {"id", "unit", "reason", "advice", "description", "owner", "severity", "since"};

// What a text looks like: letters that look alike are one (Unicode UTS #39, skeleton), case and the two kinds of hyphen do not count.
class Skeletons {
 public:
  Skeletons() {
    UErrorCode status = U_ZERO_ERROR;
    checker_.reset(uspoof_open(&status));
    CHECK(U_SUCCESS(status), "ICU has no data for confusable letters");
  }
  auto Of(std::string_view text) const -> std::string {
    std::string folded;
    for (const char c : text) folded += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    if (std::ranges::all_of(folded, [](char c) { return static_cast<uint8_t>(c) < 0x80; })) return folded;
    std::string skeleton(folded.size() * 4 + 16, '\0');
    UErrorCode status = U_ZERO_ERROR;
    const int32_t size = uspoof_getSkeletonUTF8(checker_.get(), 0, folded.data(), static_cast<int32_t>(folded.size()), skeleton.data(),
                                                static_cast<int32_t>(skeleton.size()), &status);
    if (U_FAILURE(status) || size < 0 || static_cast<size_t>(size) > skeleton.size()) return folded;
    skeleton.resize(static_cast<size_t>(size));
    return skeleton;
  }

 private:
  struct Closer {
    void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
  };
  std::unique_ptr<USpoofChecker, Closer> checker_;
};

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
    const auto [same, is_new] = ids_.try_emplace(skeletons_.Of(text), text);
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
    const auto [same, is_new] = entities_.try_emplace({uid.type.value, skeletons_.Of(id)}, uid);
    if (!is_new) context_.Report(Rule::ConfusableEntity, view.index, span, context_.UidText(uid), context_.UidText(same->second));
  }

  static auto IsBlank(char c) -> bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  LintContext& context_;
  Skeletons skeletons_;
  std::map<std::string, std::string> ids_;
  std::set<uint64_t> seen_;
  std::map<std::pair<uint32_t, std::string>, EntityUid> entities_;
};

}  // namespace

void LintNames(LintContext& context) { NameLinter{context}.Run(); }

}  // namespace remit::lint
