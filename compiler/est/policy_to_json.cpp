// Policies, templates and policy sets of the syntax tree as Cedar's JSON.
#include <algorithm>
#include <unordered_set>

#include "compiler/ast/spelling.h"
#include "compiler/est/est.h"
#include "compiler/est/expr_to_json.h"

namespace remit {
namespace {

// The entity, entities or slot that a position is compared with.
void AppendTarget(Json& json, const ast::ScopeConstraint& constraint, const Interner& interner) {
  if (constraint.slot) {
    AppendMember(json, "slot", std::string{ast::SlotName(*constraint.slot)});
  } else if (constraint.entities.size() == 1) {
    AppendMember(json, "entity", EntityToJson(constraint.entities[0], interner));
  } else {
    Json& list = AppendMember(json, "entities", Json::array());
    for (const EntityUid uid : constraint.entities) list.push_back(EntityToJson(uid, interner));
  }
}

auto ConstraintToJson(const ast::ScopeConstraint& constraint, const Interner& interner) -> Json {
  Json json = Json::object();
  switch (constraint.op) {
    case ast::ScopeOp::Any: AppendMember(json, "op", "All"); break;
    case ast::ScopeOp::Eq:
      AppendMember(json, "op", "==");
      AppendTarget(json, constraint, interner);
      break;
    case ast::ScopeOp::In:
      AppendMember(json, "op", "in");
      AppendTarget(json, constraint, interner);
      break;
    case ast::ScopeOp::Is:
    case ast::ScopeOp::IsIn:
      AppendMember(json, "op", "is");
      AppendMember(json, "entity_type", std::string{interner.text(constraint.type)});
      if (constraint.op == ast::ScopeOp::IsIn) AppendTarget(AppendMember(json, "in", Json::object()), constraint, interner);
      break;
  }
  return json;
}

// Keys in byte order; `@key` alone is null.
auto AnnotationsToJson(std::vector<ast::Annotation> annotations, const Interner& interner) -> Json {
  std::ranges::sort(annotations, {}, [&](const auto& annotation) { return interner.text(annotation.key); });
  Json json = Json::object();
  for (const auto& annotation : annotations) {
    AppendMember(json, interner.text(annotation.key),
                 annotation.value ? Json(std::string{interner.text(*annotation.value)}) : Json(nullptr));
  }
  return json;
}

auto LinkToJson(const ast::Link& link, const Interner& interner) -> Json {
  Json values = Json::object();
  const auto append = [&](ast::Slot slot, const std::optional<EntityUid>& uid) {
    if (!uid) return;
    AppendMember(AppendMember(values, ast::SlotName(slot), Json::object()), "__entity", EntityToJson(*uid, interner));
  };
  append(ast::Slot::Principal, link.principal);
  append(ast::Slot::Resource, link.resource);
  Json json = Json::object();
  AppendMember(json, "templateId", std::string{interner.text(link.template_id)});
  AppendMember(json, "newId", std::string{interner.text(link.new_id)});
  AppendMember(json, "values", std::move(values));
  return json;
}

}  // namespace

auto PolicyToJson(const ast::Ast& ast, ast::StatementId id, const Interner& interner, DiagnosticSink& sink) -> Json {
  const ast::Statement& statement = ast.statements[id.value];
  const auto* policy = std::get_if<ast::Policy>(&statement.body);
  if (policy == nullptr) {
    sink.Report(DiagnosticCode::NoJsonForm, statement.span, fmt::format("`{}`", ast::StatementKeyword(statement)));
    return nullptr;
  }
  if (policy->oblige) {
    sink.Report(DiagnosticCode::NoJsonForm, policy->oblige->span, "`oblige`");
    return nullptr;
  }
  Json json = Json::object();
  AppendMember(json, "effect", std::string{ast::EffectName(policy->effect)});
  AppendMember(json, "principal", ConstraintToJson(policy->scope.principal, interner));
  AppendMember(json, "action", ConstraintToJson(policy->scope.action, interner));
  AppendMember(json, "resource", ConstraintToJson(policy->scope.resource, interner));
  Json conditions = Json::array();
  for (const auto& condition : policy->conditions) {
    Json body = ExprToJson{ast, interner, sink}.Convert(condition.body);
    if (body.is_null()) return nullptr;
    Json clause = Json::object();
    AppendMember(clause, "kind", std::string{ast::ConditionKeyword(condition.kind)});
    AppendMember(clause, "body", std::move(body));
    conditions.push_back(std::move(clause));
  }
  AppendMember(json, "conditions", std::move(conditions));
  if (!statement.annotations.empty()) AppendMember(json, "annotations", AnnotationsToJson(statement.annotations, interner));
  return json;
}

auto PolicySetToJson(const ast::Ast& ast, const std::vector<std::string>& ids, const Interner& interner, DiagnosticSink& sink) -> Json {
  Json templates = Json::object();
  Json policies = Json::object();
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < ast.statements.size(); ++i) {
    Json json = PolicyToJson(ast, {static_cast<uint32_t>(i)}, interner, sink);
    if (json.is_null()) continue;
    if (!seen.insert(ids[i]).second) {
      sink.Report(DiagnosticCode::DuplicateId, ast.statements[i].span, ids[i]);
      continue;
    }
    const bool is_template = ast::IsTemplate(std::get<ast::Policy>(ast.statements[i].body));
    AppendMember(is_template ? templates : policies, ids[i], std::move(json));
  }
  Json links = Json::array();
  for (const auto& link : ast.links) links.push_back(LinkToJson(link, interner));
  Json set = Json::object();
  set.get_ref<Json::object_t&>().reserve(3);
  AppendMember(set, "templates", std::move(templates));
  AppendMember(set, "staticPolicies", std::move(policies));
  AppendMember(set, "templateLinks", std::move(links));
  return set;
}

}  // namespace remit
