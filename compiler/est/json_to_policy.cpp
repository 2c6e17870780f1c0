#include "compiler/est/json_to_policy.h"

#include <algorithm>

#include "compiler/ast/spelling.h"
#include "compiler/est/est.h"
#include "runtime/base/text.h"

namespace remit {

auto JsonPolicyReader::Read(const JsonSite& site) -> ast::StatementId {
  const size_t exprs_before = ast_.exprs.size();
  auto statement = ReadStatement(site);
  if (!statement) {
    ast_.exprs.erase(ast_.exprs.begin() + static_cast<ptrdiff_t>(exprs_before), ast_.exprs.end());
    return {};
  }
  ast_.statements.push_back(std::move(*statement));
  return {static_cast<uint32_t>(ast_.statements.size() - 1)};
}

// Reads every member before it gives up, so that one run reports all that is wrong.
auto JsonPolicyReader::ReadStatement(const JsonSite& site) -> std::optional<ast::Statement> {
  const auto fields =
      report_.ReadFields(site, {{"effect"}, {"principal"}, {"action"}, {"resource"}, {"conditions"}, {"annotations", Presence::Optional}});
  if (fields.empty()) return std::nullopt;
  const auto effect = ReadEffect(site.Member("effect", *fields[0]));
  auto principal = scopes_.ReadPrincipalOrResource(site.Member("principal", *fields[1]), ast::Slot::Principal);
  auto action = scopes_.ReadAction(site.Member("action", *fields[2]));
  auto resource = scopes_.ReadPrincipalOrResource(site.Member("resource", *fields[3]), ast::Slot::Resource);
  auto conditions = ReadConditions(site.Member("conditions", *fields[4]));
  auto annotations = fields[5] != nullptr ? ReadAnnotations(site.Member("annotations", *fields[5])) : std::vector<ast::Annotation>{};
  if (!effect || !principal || !action || !resource || !conditions || !annotations) return std::nullopt;

  return ast::Statement{
      .span = {},
      .annotations = std::move(*annotations),
      .body = ast::Policy{
          .effect = *effect,
          .scope = {.principal = std::move(*principal), .action = std::move(*action), .resource = std::move(*resource), .span = {}},
          .conditions = std::move(*conditions),
          .oblige = {}}};
}

auto JsonPolicyReader::ReadEffect(const JsonSite& site) -> std::optional<ast::Effect> {
  const auto* name = report_.ExpectString(site);
  if (name == nullptr) return std::nullopt;
  for (const auto effect : {ast::Effect::Permit, ast::Effect::Forbid}) {
    if (ast::EffectName(effect) == *name) return effect;
  }
  report_.ReportUnknown(site, "effect", *name, {"permit", "forbid"});
  return std::nullopt;
}

auto JsonPolicyReader::ReadConditions(const JsonSite& site) -> std::optional<std::vector<ast::Condition>> {
  if (report_.ExpectArray(site) == nullptr) return std::nullopt;
  std::vector<ast::Condition> conditions;
  bool all_read = true;
  for (size_t i = 0; i < site.value().size(); ++i) {
    const auto condition = ReadCondition(site.Element(i));
    if (condition) conditions.push_back(*condition);
    all_read &= condition.has_value();
  }
  return all_read ? std::optional{std::move(conditions)} : std::nullopt;
}

// `{"kind": "when", "body": ..}`; Cedar takes the pair `["when", ..]` as well.
auto JsonPolicyReader::ReadCondition(const JsonSite& site) -> std::optional<ast::Condition> {
  std::optional<JsonSite> kind_site;
  std::optional<JsonSite> body_site;
  if (site.value().is_array() && site.value().size() == 2) {
    kind_site = site.Element(0);
    body_site = site.Element(1);
  } else {
    const auto fields = report_.ReadFields(site, {{"kind"}, {"body"}});
    if (fields.empty()) return std::nullopt;
    kind_site = site.Member("kind", *fields[0]);
    body_site = site.Member("body", *fields[1]);
  }
  const auto* name = report_.ExpectString(*kind_site);
  if (name == nullptr) return std::nullopt;
  for (const auto kind : {ast::ConditionKind::When, ast::ConditionKind::Unless}) {
    if (ast::ConditionKeyword(kind) != *name) continue;
    const ast::ExprId body = exprs_.ReadCondition(*body_site, kind);
    if (!body.has_value()) return std::nullopt;
    return ast::Condition{.kind = kind, .body = body, .span = {}};
  }
  report_.ReportUnknown(*kind_site, "kind of condition", *name, {"when", "unless"});
  return std::nullopt;
}

auto JsonPolicyReader::ReadAnnotations(const JsonSite& site) -> std::optional<std::vector<ast::Annotation>> {
  if (report_.ExpectObject(site) == nullptr) return std::nullopt;
  std::vector<ast::Annotation> annotations;
  bool all_read = true;
  for (const auto& [key, value] : site.value().items()) {
    const JsonSite value_site = site.Member(key, value);
    if (!IsIdentifierShape(key)) {
      report_.Report(value_site, DiagnosticCode::JsonInvalidName, key, "an identifier, as the key of an annotation must be");
      all_read = false;
      continue;
    }
    ast::Annotation annotation = {.key = context_.interner.Intern(key), .value = {}, .span = {}};
    if (!value.is_null()) {
      const auto* text = report_.ExpectString(value_site);
      all_read &= text != nullptr;
      if (text != nullptr) annotation.value = context_.interner.Intern(*text);
    }
    annotations.push_back(annotation);
  }
  return all_read ? std::optional{std::move(annotations)} : std::nullopt;
}

auto PolicyFromJson(std::string_view json, ParseContext& context, ast::Ast& ast) -> ast::StatementId {
  const auto document = ParseStrictJson(json, context.limits, context.sink);
  if (!document) return {};
  const ast::StatementId id = JsonPolicyReader{context, ast}.Read(JsonSite{*document});
  if (id.has_value() && !ast.explicit_ids.empty()) ast.explicit_ids.resize(ast.statements.size());
  return id;
}

}  // namespace remit
