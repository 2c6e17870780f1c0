#include "compiler/schema/remit_namespace.h"

#include <algorithm>
#include <map>
#include <optional>

namespace remit {
namespace {

class Completion {
 public:
  Completion(Schema& schema, Interner& interner) : schema_(schema), interner_(interner) {}

  void AddAttributes() {
    const TypeId entity = Add({.kind = Kind::Entity, .element = {}, .entity_type = {}, .fields = {}});
    const TypeId entities = Add({.kind = Kind::Set, .element = entity, .entity_type = {}, .fields = {}});
    auto& escalation = schema_.entity_types[schema_.entity_type_index.at(interner_.Intern("Remit::Escalation"))];
    Type record = schema_.type(escalation.attributes);
    for (const auto* name : {"by", "delegation"}) record.fields.push_back({.key = interner_.Intern(name), .type = entities});
    for (const auto* name : {"requester", "action", "resource"}) record.fields.push_back({.key = interner_.Intern(name), .type = entity});
    record.fields.push_back({.key = interner_.Intern("context"), .type = Add(AnyContext())});
    std::ranges::sort(record.fields, {}, &TypeField::key);
    escalation.attributes = Add(std::move(record));
  }

  void LetAnyoneAsk() {
    const EntityUid approve{interner_.Intern("Remit::Action"), interner_.Intern("approve")};
    auto& action = schema_.actions[schema_.action_index.at(approve.packed())];
    action.principal_types.clear();
    for (const auto& type : schema_.entity_types) action.principal_types.push_back(type.name);
    std::ranges::sort(action.principal_types);
  }

 private:
  // Hundreds of actions share a few attributes: each name is looked at once an action, not once a pair of them.
  auto AnyContext() const -> Type {
    std::map<SymbolId, std::optional<TypeId>> seen;  // none: actions disagree
    for (const auto& action : schema_.actions) {
      for (const auto& field : schema_.type(action.context).fields) {
        const auto [it, is_new] = seen.emplace(field.key, field.type);
        if (!is_new && it->second && !IsSame(*it->second, field.type)) it->second.reset();
      }
    }
    Type record = {.kind = Kind::Record, .element = {}, .entity_type = {}, .fields = {}};
    for (const auto& [key, type] : seen) {
      if (type) record.fields.push_back({.key = key, .type = *type, .required = false});
    }
    std::ranges::sort(record.fields, {}, &TypeField::key);
    return record;
  }

  auto IsSame(TypeId a, TypeId b) const -> bool {
    if (a == b) return true;
    const Type& left = schema_.type(a);
    const Type& right = schema_.type(b);
    if (left.kind != right.kind || left.entity_type != right.entity_type) return false;
    if (left.kind == Kind::Set) return IsSame(left.element, right.element);
    const auto same_field = [&](const TypeField& x, const TypeField& y) {
      return x.key == y.key && x.required == y.required && IsSame(x.type, y.type);
    };
    return std::ranges::equal(left.fields, right.fields, same_field);
  }

  auto Add(Type type) -> TypeId {
    schema_.types.push_back(std::move(type));
    return {static_cast<uint32_t>(schema_.types.size() - 1)};
  }

  Schema& schema_;
  Interner& interner_;
};

}  // namespace

auto RemitNamespaceText() -> std::string_view {
  return R"(namespace Remit {
  entity Role;
  entity Escalation = { statement: String, session?: String };
  action approve appliesTo { principal: Role, resource: Escalation };
}
)";
}

auto ServerNamespaceText() -> std::string_view {
  return R"(namespace Remit {
  entity Role, Server;
  entity Caller, Local, Anonymous in [Role] = { credential: String };
  action decide, settle, explain, search, read_escalations, approve, read_state, quarantine, release, read_policies, publish, write_entities, read_audit, read_metrics
    appliesTo { principal: Caller, resource: Server };
}
)";
}

void CompleteServerNamespace(Schema& schema, Interner& interner) {
  const SymbolId role = interner.Intern("Remit::Role");
  const SymbolId server = interner.Intern("Remit::Server");
  std::vector<SymbolId> callers;
  for (const auto& type : schema.entity_types) {
    if (type.name != role && type.name != server) callers.push_back(type.name);
  }
  std::ranges::sort(callers);
  for (auto& action : schema.actions) {
    if (action.resource_types == std::vector{server}) action.principal_types = callers;
  }
}

void CompleteRemitNamespace(Schema& schema, Interner& interner) {
  Completion completion(schema, interner);
  completion.AddAttributes();
  completion.LetAnyoneAsk();
}

}  // namespace remit
