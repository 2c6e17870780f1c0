#include "compiler/check/names.h"

#include <algorithm>

#include "compiler/check/walk.h"
#include "runtime/base/text.h"
#include "runtime/entity/schema_hints.h"

namespace remit::check {
namespace {

constexpr size_t kMostListed = 6;

void CheckEnumerated(const EntityTypeDecl& decl, EntityUid uid, Span span, CheckContext& context) {
  if (decl.enumerated_ids.empty() || std::ranges::find(decl.enumerated_ids, uid.id) != decl.enumerated_ids.end()) return;
  auto& diagnostic = context.findings.Report(DiagnosticCode::UnknownEnumeratedId, span, FormatEntityUid(uid, context.interner),
                                             context.interner.text(uid.type));
  std::vector<std::string_view> ids;
  for (const SymbolId id : decl.enumerated_ids) ids.push_back(context.interner.text(id));
  if (const auto closest = ClosestMatch(context.interner.text(uid.id), ids)) {
    diagnostic.help = fmt::format("did you mean `\"{}\"`?", EscapeString(*closest));
  } else if (ids.size() <= kMostListed) {
    std::string list;
    for (const auto id : ids) list += fmt::format("{}`\"{}\"`", list.empty() ? "" : ", ", EscapeString(id));
    diagnostic.help = fmt::format("its entities are {}", list);
  }
}

void CheckPosition(const ast::ScopeConstraint& position, CheckContext& context) {
  if (position.op == ast::ScopeOp::Is || position.op == ast::ScopeOp::IsIn) CheckTypeName(position.type, position.span, context);
  for (const EntityUid each : position.entities) CheckEntityName(each, position.span, context);
}

}  // namespace

void CheckTypeName(SymbolId type, Span span, CheckContext& context) {
  if (context.schema.IsKnownEntityType(type)) return;
  context.findings.Report(DiagnosticCode::UnknownEntityType, span, context.interner.text(type)).help =
      SuggestEntityType(context.schema.schema(), type, context.interner);
}

void CheckEntityName(EntityUid uid, Span span, CheckContext& context) {
  if (context.schema.IsActionType(uid.type)) {
    if (context.schema.TypeOfLiteral(uid).has_value()) return;
    context.findings.Report(DiagnosticCode::UnknownAction, span, FormatEntityUid(uid, context.interner)).help =
        SuggestAction(context.schema.schema(), uid, context.interner);
    return;
  }
  CheckTypeName(uid.type, span, context);
  if (const auto* decl = context.schema.schema().FindEntityType(uid.type)) CheckEnumerated(*decl, uid, span, context);
}

void CheckNames(const ast::Statement& statement, CheckContext& context) {
  if (const auto* scope = ScopeOf(statement)) {
    CheckPosition(scope->principal, context);
    CheckPosition(scope->action, context);
    CheckPosition(scope->resource, context);
  }
  VisitExprs(context.ast, RootsOf(statement), [&](ast::ExprId, const ast::Expr& expr) {
    if (const auto* literal = std::get_if<ast::EntityLit>(&expr.node)) CheckEntityName(literal->uid, expr.span, context);
    if (const auto* is = std::get_if<ast::Is>(&expr.node)) CheckTypeName(is->type, expr.span, context);
  });
}

}  // namespace remit::check
