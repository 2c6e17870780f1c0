#include "compiler/schema/remit_namespace.h"

#include <algorithm>

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

void CompleteRemitNamespace(Schema& schema, Interner& interner) {
  Completion completion(schema, interner);
  completion.AddAttributes();
  completion.LetAnyoneAsk();
}

}  // namespace remit
