// Parts of a schema that nobody uses. From its text, since a resolved schema has neither places nor common types.
#include <algorithm>
#include <set>

#include "compiler/check/walk.h"
#include "compiler/lint/passes.h"
#include "compiler/lint/scopes.h"

namespace remit::lint {
namespace {

// Names as written, by their last part too: `Acme::User` within `Acme` is `User`. A name used anywhere counts as used everywhere.
class UsedNames {
 public:
  void Add(std::string_view name) {
    names_.insert(name);
    if (const auto colon = name.rfind(':'); colon != std::string_view::npos) names_.insert(name.substr(colon + 1));
  }
  auto Has(std::string_view name) const -> bool { return names_.contains(name); }

 private:
  std::set<std::string_view> names_;
};

class SchemaLinter {
 public:
  explicit SchemaLinter(LintContext& context) : context_(context) {}

  void Run() {
    for (const auto& fragment : *context_.fragments()) CollectFromSchema(fragment);
    CollectFromPolicies();
    for (const auto& fragment : *context_.fragments()) {
      for (const auto& space : fragment.namespaces) {
        Types(space);
        if (context_.IsWanted(Rule::UnusedAttribute)) Attributes(fragment, space);
      }
    }
    if (context_.IsWanted(Rule::UnusedAction)) Actions();
  }

 private:
  auto text(const schema_ast::Name& name) const -> std::string_view { return context_.text(name.text); }

  void CollectFromSchema(const schema_ast::Fragment& fragment) {
    for (const auto& type : fragment.types) {
      if (const auto* named = std::get_if<schema_ast::NamedType>(&type.node)) types_.Add(text(named->name));
    }
    for (const auto& space : fragment.namespaces) {
      for (const auto& entity : space.entities) {
        for (const auto& parent : entity.parents) types_.Add(text(parent));
      }
      for (const auto& action : space.actions) {
        for (const auto& name : action.applies_to.principals) types_.Add(text(name));
        for (const auto& name : action.applies_to.resources) types_.Add(text(name));
      }
    }
  }

  void CollectFromPolicies() {
    const auto add = [&](const ast::ScopeConstraint& constraint) {
      if (constraint.type.has_value()) types_.Add(context_.text(constraint.type));
      for (const auto uid : constraint.entities) types_.Add(context_.text(uid.type));
    };
    for (const auto& view : context_.statements()) {
      if (view.scope != nullptr) {
        add(view.scope->principal);
        add(view.scope->resource);
      }
      check::VisitExprs(context_.ast(), check::RootsOf(view.statement), [&](ast::ExprId, const ast::Expr& expr) { CollectFrom(expr); });
      if (const auto* test = view.As<ast::Test>()) CollectFrom(*test);
    }
  }

  void CollectFrom(const ast::Expr& expr) {
    if (const auto* literal = std::get_if<ast::EntityLit>(&expr.node)) types_.Add(context_.text(literal->uid.type));
    if (const auto* is = std::get_if<ast::Is>(&expr.node)) types_.Add(context_.text(is->type));
    if (const auto* access = std::get_if<ast::GetAttr>(&expr.node)) attributes_.insert(context_.text(access->attr));
    if (const auto* has = std::get_if<ast::HasAttr>(&expr.node)) {
      for (const auto step : has->path) attributes_.insert(context_.text(step));
    }
  }

  // What only tests mention is used: they say what happens with it.
  void CollectFrom(const ast::Test& test) {
    for (const auto& step : test.steps) {
      const auto* entity = std::get_if<ast::TestEntity>(&step.step);
      if (entity == nullptr) continue;
      types_.Add(context_.text(entity->uid.type));
      for (const auto parent : entity->parents) types_.Add(context_.text(parent.type));
    }
  }

  void Types(const schema_ast::Namespace& space) {
    for (const auto& entity : space.entities) {
      for (const auto& name : entity.names) {
        if (!types_.Has(text(name))) context_.Report(Rule::UnusedEntityType, std::nullopt, name.span, text(name));
      }
    }
    for (const auto& type : space.common_types) {
      if (!types_.Has(text(type.name))) context_.Report(Rule::UnusedCommonType, std::nullopt, type.name.span, text(type.name));
    }
  }

  void Attributes(const schema_ast::Fragment& fragment, const schema_ast::Namespace& space) {
    for (const auto& entity : space.entities) {
      if (!entity.shape.has_value()) continue;
      const auto* record = std::get_if<schema_ast::RecordType>(&fragment.type(entity.shape).node);
      if (record == nullptr) continue;
      for (const auto& attribute : record->attributes) {
        const auto name = text(attribute.name);
        if (!attributes_.contains(name)) context_.Report(Rule::UnusedAttribute, std::nullopt, attribute.name.span, name);
      }
    }
  }

  // Without types nothing is certain about groups.
  void Actions() {
    if (context_.typed() == nullptr) return;
    std::set<std::string_view> permitted;
    for (const auto& action : context_.typed()->schema().schema().actions) {
      if (action.principal_types.empty() || IsPermitted(action.uid)) permitted.insert(context_.text(action.uid.id));
    }
    for (const auto& fragment : *context_.fragments()) {
      for (const auto& space : fragment.namespaces) {
        for (const auto& action : space.actions) {
          for (const auto& name : action.names) {
            if (!permitted.contains(text(name))) context_.Report(Rule::UnusedAction, std::nullopt, name.span, text(name));
          }
        }
      }
    }
  }

  auto IsPermitted(EntityUid action) const -> bool {
    ast::ScopeConstraint exactly;
    exactly.op = ast::ScopeOp::Eq;
    exactly.entities = {action};
    return std::ranges::any_of(context_.statements(),
                               [&](const StatementView& view) { return view.IsPermit() && Covers(context_, view.scope->action, exactly); });
  }

  LintContext& context_;
  UsedNames types_;
  std::set<std::string_view> attributes_;
};

}  // namespace

void LintSchema(LintContext& context) {
  if (context.fragments() != nullptr) SchemaLinter{context}.Run();
}

}  // namespace remit::lint
