#include "compiler/check/test_checker.h"

#include <algorithm>

#include "compiler/check/names.h"
#include "runtime/base/did_you_mean.h"

namespace remit::check {
namespace {

class TestChecker {
 public:
  TestChecker(const std::unordered_set<std::string>& ids, CheckContext& context, ExprTypes& types)
      : ids_(ids), context_(context), exprs_(context, kNowhere, kNobody, types) {}

  void Step(const ast::TestStep& step) {
    span_ = step.span;
    std::visit(*this, step.step);
  }

  void operator()(const ast::TestEntity& entity) {
    CheckEntityName(entity.uid, span_, context_);
    const auto* decl = context_.schema.schema().FindEntityType(entity.uid.type);
    for (const EntityUid parent : entity.parents) Parent(entity.uid, parent);
    if (decl == nullptr) return;
    const TypeRef attributes = context_.schema.AttributesOf(context_.types.at(context_.types.EntityOf(entity.uid.type)));
    Value(entity.attrs, attributes, "its attributes");
    if (entity.tags.has_value()) Tags(entity);
  }
  void operator()(const ast::TestRequest& request) {
    for (const EntityUid uid : {request.principal, request.action, request.resource}) CheckEntityName(uid, span_, context_);
    for (const EntityUid uid : request.delegation) CheckEntityName(uid, span_, context_);
    const auto* action = context_.schema.schema().FindAction(request.action);
    if (action == nullptr) return;
    Applies(action->principal_types, request.principal, request.action, "principal");
    Applies(action->resource_types, request.resource, request.action, "resource");
    for (const auto& environment : context_.schema.environments()) {
      if (environment.action == action) return Value(request.context, environment.context_type, "the context");
    }
  }
  void operator()(const ast::TestExpect& expect) {
    for (const SymbolId by : expect.by) {
      const std::string id{context_.interner.text(by)};
      if (ids_.contains(id)) continue;
      context_.findings.Report(DiagnosticCode::UnknownStatementId, span_, id).help = DidYouMean(id, {ids_.begin(), ids_.end()});
    }
  }
  void operator()(const ast::TestExpectBudget& expect) {
    const auto* decl = Budget(expect.budget);
    const TypeRef amount = decl != nullptr && decl->counts_decimals ? context_.types.OfKind(Kind::Decimal) : context_.types.long_type();
    if (decl != nullptr) exprs_.CheckAs(expect.value, {amount}, {});
  }
  void operator()(const ast::TestApprove& approve) {
    CheckEntityName(approve.approver, span_, context_);
    for (const EntityUid parent : approve.parents) Parent(approve.approver, parent);
    for (const EntityUid uid : approve.acting_for) CheckEntityName(uid, span_, context_);
  }
  void operator()(const ast::TestSettle& settle) {
    const auto* actual = settle.actual.has_value() ? std::get_if<ast::RecordLit>(&context_.ast.expr(settle.actual).node) : nullptr;
    if (actual == nullptr) return;
    for (const auto& entry : actual->entries) {
      const auto* decl = Budget(entry.key);
      if (decl == nullptr) continue;
      exprs_.CheckAs(entry.value, {decl->counts_decimals ? context_.types.OfKind(Kind::Decimal) : context_.types.long_type()}, {});
    }
  }
  void operator()(const ast::TestQuarantine& quarantine) { CheckEntityName(quarantine.uid, span_, context_); }
  void operator()(const ast::TestAdvance& advance) { exprs_.CheckAs(advance.duration, {context_.types.OfKind(Kind::Duration)}, {}); }

 private:
  auto Text(SymbolId id) const -> std::string_view { return context_.interner.text(id); }

  void Parent(EntityUid child, EntityUid parent) {
    CheckEntityName(parent, span_, context_);
    if (!context_.schema.IsKnownEntityType(child.type) || !context_.schema.IsKnownEntityType(parent.type)) return;
    if (context_.schema.MayBeIn(child.type, parent.type)) return;
    context_.findings.Report(DiagnosticCode::TestParent, span_, Text(child.type), Text(parent.type));
  }

  void Applies(const std::vector<SymbolId>& allowed, EntityUid uid, EntityUid action, std::string_view what) {
    if (std::ranges::find(allowed, uid.type) != allowed.end()) return;
    context_.findings.Report(DiagnosticCode::TestNotApplicable, span_, FormatEntityUid(action, context_.interner), Text(uid.type), what);
  }

  auto Budget(SymbolId name) -> const StateDecl* {
    const auto* decl = context_.states.Find(ast::StateKind::Budget, name);
    if (decl == nullptr) context_.findings.Report(DiagnosticCode::UnknownState, span_, "budget", Text(name));
    return decl;
  }

  void Tags(const ast::TestEntity& entity) {
    const auto tags = context_.schema.TagTypesOf(context_.types.at(context_.types.EntityOf(entity.uid.type)));
    if (tags.empty()) {
      context_.findings.Report(DiagnosticCode::NoTags, span_, Text(entity.uid.type));
      return;
    }
    const auto* record = std::get_if<ast::RecordLit>(&context_.ast.expr(entity.tags).node);
    for (size_t i = 0; record != nullptr && i < record->entries.size(); ++i) Value(record->entries[i].value, tags[0], "the tag");
  }

  // A record literal attribute by attribute, so that what is missing or too much is named.
  void Value(ast::ExprId id, TypeRef wanted, std::string_view what) {
    const Type& type = context_.types.at(wanted);
    const auto* record = id.has_value() ? std::get_if<ast::RecordLit>(&context_.ast.expr(id).node) : nullptr;
    if (id.has_value() && (type.kind != TypeKind::Record || record == nullptr)) {
      exprs_.CheckAs(id, {wanted}, {});
      return;
    }
    const Span place = id.has_value() ? context_.ast.expr(id).span : span_;
    for (const auto& field : type.fields) {
      const bool is_given =
          record != nullptr && std::ranges::find(record->entries, field.key, &ast::RecordLit::Entry::key) != record->entries.end();
      if (field.required && !is_given) context_.findings.Report(DiagnosticCode::TestMissingAttribute, place, Text(field.key), what);
    }
    for (size_t i = 0; record != nullptr && i < record->entries.size(); ++i) {
      const auto& entry = record->entries[i];
      const auto* field = FindField(type, entry.key);
      if (field != nullptr) {
        Value(entry.value, field->type, what);
      } else {
        context_.findings.Report(DiagnosticCode::UnknownAttribute, context_.ast.expr(entry.value).span, Text(entry.key),
                                 context_.types.Format(wanted, context_.interner));
      }
    }
  }

  static constexpr StateReader kNobody = {};
  static const Environment kNowhere;  // a test has no request: its variables mean nothing

  const std::unordered_set<std::string>& ids_;
  CheckContext& context_;
  ExprChecker exprs_;
  Span span_;
};

const Environment TestChecker::kNowhere = {};

}  // namespace

auto CheckTest(const ast::Test& test, const std::unordered_set<std::string>& ids, CheckContext& context, ExprTypes& types) -> bool {
  const size_t before = context.findings.error_count();
  TestChecker checker(ids, context, types);
  for (const auto& step : test.steps) checker.Step(step);
  return context.findings.error_count() == before;
}

}  // namespace remit::check
